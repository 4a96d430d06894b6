/* SPDX-License-Identifier: EUPL-1.2 */
/* The benefit owner's room: the indicators of a month, and how they came there. Figures, never a person. */
#include <string.h>

#include "common/clock.h"
#include "common/indicator.h"
#include "services/api/handlers.h"
#include "services/api/texts.h"

enum { MONTHS = 6, WIDE = 40, BAR = 26, HIGH = 60 };

struct month {
    struct date first;
    struct indicator_value values[INDICATOR_COUNT];
};

/* "2026-11"; nothing = the month that is. */
static bool read_month(struct scope *s, const char *text, struct date *out)
{
    *out = oslo_date(s->now);
    out->day = 1;
    return text_blank(text) || (strlen(text) == 7 &&
                                date_parse(arena_printf(s->arena, "%s-01", text), out));
}

static const char *month_code(struct scope *s, struct date first)
{
    return arena_strndup(s->arena, date_text(s->arena, first), strlen("2026-11"));
}

/* "november 2026" */
static const char *month_words(struct scope *s, struct date first)
{
    return strchr(date_words(s->arena, first), ' ') + 1;
}

static const char *value_words(struct scope *s, json_t *catalogue, const struct indicator_value *v)
{
    long long value = v->value.value;
    if (v->suppressed)
        return text_of(catalogue, "benefit_hidden");
    if (!v->value.known)
        return text_of(catalogue, v->n.value ? "benefit_longer" : "benefit_none");
    if (strcmp(v->unit, "permille") == 0)
        return arena_printf(s->arena, "%lld,%lld %%", value / 10, value % 10);
    return strcmp(v->unit, "seconds") == 0 ? span_words(s, value)
                                           : arena_printf(s->arena, "%lld", value);
}

/* One indicator's months as bars; the words say the same to who doesn't see them. */
static json_t *picture(struct scope *s, json_t *catalogue, const struct month *months, int which)
{
    json_t *bars = json_array();
    struct buffer words = buffer_new(s->arena);
    int64_t most = 1;
    for (int m = 0; m < MONTHS; m++)
        if (months[m].values[which].value.known && months[m].values[which].value.value > most)
            most = months[m].values[which].value.value;
    for (int m = 0; m < MONTHS; m++) {
        const struct indicator_value *v = &months[m].values[which];
        int height = v->value.known ? (int)(v->value.value * HIGH / most) : 0;
        const char *name = month_words(s, months[m].first);
        buffer_printf(&words, "%s%s: %s", m ? "; " : "", name, value_words(s, catalogue, v));
        json_array_append_new(bars, json_pack("{s: i, s: i, s: i, s: i, s: i, s: o}", "x", m * WIDE, "y",
                                              HIGH - height, "width", BAR, "height", height, "middle",
                                              m * WIDE + BAR / 2, "month",
                                              json_stringn(name, strlen("jan"))));
    }
    return json_pack("{s: o, s: s, s: i, s: i, s: i}", "bars", bars, "words", words.text, "width",
                     MONTHS * WIDE, "height", HIGH + 18, "text_y", HIGH + 14);
}

static json_t *indicator_view(struct scope *s, json_t *catalogue, const struct month *months,
                              int which)
{
    const struct indicator_value *v = &months[MONTHS - 1].values[which];
    return json_pack("{s: s, s: s, s: s, s: o, s: o}", "name", v->name, "value",
                     value_words(s, catalogue, v), "about", coded_text(s, catalogue, "benefit_about", v->id),
                     "of", v->n.known && v->n.value ? json_integer(v->n.value) : json_null(), "picture",
                     picture(s, catalogue, months, which));
}

enum problem benefits_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct date chosen, now = oslo_date(s->now);
    struct month months[MONTHS];
    json_t *catalogue = texts(s);
    now.day = 1;
    if (!read_month(s, pairs_get(&request->query, "maned"), &chosen) ||
        date_compare(chosen, now) > 0)
        return page_message(s, "month_wrong", 400, "/gevinster", "room_benefits", &reply->http);
    for (int m = 0; m < MONTHS; m++) {
        months[m].first = date_add_months(chosen, m - MONTHS + 1);
        TRY(indicators_compute(s, months[m].first, date_add_months(months[m].first, 1), months[m].values));
    }
    json_t *indicators = json_array();
    for (int i = 0; i < INDICATOR_COUNT; i++)
        json_array_append_new(indicators, indicator_view(s, catalogue, months, i));
    bool latest = date_compare(chosen, now) == 0;
    return page_render(
        s, "benefits", "room_benefits", NULL,
        json_pack("{s: s, s: s, s: o, s: s, s: o}", "month", month_words(s, chosen), "code",
                  month_code(s, chosen), "indicators", indicators, "before",
                  month_code(s, date_add_months(chosen, -1)), "after",
                  text_or_null(latest ? NULL : month_code(s, date_add_months(chosen, 1)))),
        &reply->http);
}
