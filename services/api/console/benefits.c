/* SPDX-License-Identifier: EUPL-1.2 */
/* The benefit owner's room: the indicators of a month, and how they came there. Figures, never a person. */
#include <string.h>

#include "common/indicator/indicator.h"
#include "services/api/page/bars.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

enum { MONTHS = 6 };

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

/* No number is told apart by why there is none. */
static const char *value_words(struct scope *s, const struct indicator_value *v)
{
    bool open = !v->open.known || v->open.value;
    if (v->suppressed)
        return text_of("benefit_hidden");
    if (!v->value.known)
        return text_of(v->n.value ? "benefit_longer" : open ? "benefit_open" : "benefit_none");
    return bar_words(s, v->unit, v->value.value);
}

/* "25 er ikke avgjort ennå"; NULL if all is settled. */
static const char *open_words(struct scope *s, const struct indicator_value *v)
{
    if (!v->open.known)
        return text_of("benefit_open_few");
    return v->open.value ? arena_printf(s->arena, "%lld %s", (long long)v->open.value,
                                        text_of("benefit_open_many"))
                         : NULL;
}

static int64_t scale_of(const struct month *months, int which)
{
    int64_t largest = 0;
    for (int m = 0; m < MONTHS; m++) {
        const struct maybe *value = &months[m].values[which].value;
        if (value->known && value->value > largest)
            largest = value->value;
    }
    return bar_scale(months->values[which].unit, largest);
}

struct month_row {
    const char *month, *n, *value;
    struct bar *bar;
};

static const struct field month_fields[] = {
    FIELD(struct month_row, month),
    FIELD(struct month_row, n),
    FIELD(struct month_row, value),
    NESTED_FIELD(struct month_row, bar, &bar_record),
    { 0 },
};
static const struct record month_record = RECORD("month_row", struct month_row, month_fields);

struct benefit {
    const char *id, *name, *value, *about, *open;
    struct maybe of;
    struct axis *scale;
    struct list months;
};

static const struct field benefit_fields[] = {
    FIELD(struct benefit, id),
    FIELD(struct benefit, name),
    FIELD(struct benefit, value),
    FIELD(struct benefit, about, .words = "benefit_about_"),
    FIELD(struct benefit, open),
    FIELD(struct benefit, of),
    NESTED_FIELD(struct benefit, scale, &axis_record),
    LIST_FIELD(struct benefit, months, &month_record),
    { 0 },
};
static const struct record benefit_record = RECORD("benefit", struct benefit, benefit_fields);

struct benefits {
    const char *month, *code, *before, *after; /* after: NULL where the month is not over */
    struct list indicators;
};

static const struct field benefits_fields[] = {
    FIELD(struct benefits, month),
    FIELD(struct benefits, code),
    FIELD(struct benefits, before),
    FIELD(struct benefits, after),
    LIST_FIELD(struct benefits, indicators, &benefit_record),
    { 0 },
};
static const struct record benefits_record = RECORD("benefits", struct benefits, benefits_fields);

/* One indicator's months, the oldest first. */
static struct list months_of(struct scope *s, const struct month *months, int which, int64_t most)
{
    struct month_row *rows = arena_array(s->arena, MONTHS, sizeof(*rows));
    for (int m = 0; m < MONTHS; m++) {
        const struct indicator_value *v = &months[m].values[which];
        rows[m] = (struct month_row){
            .month = month_words(s, months[m].first), .value = value_words(s, v),
            .n = v->n.known ? arena_printf(s->arena, "%lld", (long long)v->n.value)
                            : text_of("benefit_few"),
            .bar = bar_of(s, &v->value, most),
        };
    }
    return (struct list){ rows, MONTHS };
}

static struct benefit benefit_of(struct scope *s, const struct month *months, int which)
{
    const struct indicator_value *v = &months[MONTHS - 1].values[which];
    int64_t most = scale_of(months, which);
    return (struct benefit){
        .id = v->id, .name = v->name, .value = value_words(s, v), .about = v->id,
        .open = open_words(s, v), .of = { v->n.known && v->n.value, v->n.value },
        .scale = bar_axis(s, v->unit, most), .months = months_of(s, months, which, most),
    };
}

enum problem benefits_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct date chosen, now = oslo_date(s->now);
    struct month months[MONTHS];
    now.day = 1;
    if (!read_month(s, pairs_get(&request->query, "maned"), &chosen) ||
        date_compare(chosen, now) > 0)
        return page_message(s, "month_wrong", 400, "/gevinster", "room_benefits", &reply->http);
    for (int m = 0; m < MONTHS; m++) {
        months[m].first = date_add_months(chosen, m - MONTHS + 1);
        TRY(indicators_compute(s, months[m].first, date_add_months(months[m].first, 1), months[m].values));
    }
    struct benefit *indicators = arena_array(s->arena, INDICATOR_COUNT, sizeof(*indicators));
    for (int i = 0; i < INDICATOR_COUNT; i++)
        indicators[i] = benefit_of(s, months, i);
    bool latest = date_compare(chosen, now) == 0;
    const struct benefits view = {
        .month = month_words(s, chosen), .code = month_code(s, chosen),
        .before = month_code(s, date_add_months(chosen, -1)),
        .after = latest ? NULL : month_code(s, date_add_months(chosen, 1)),
        .indicators = { indicators, INDICATOR_COUNT },
    };
    return page_show(s, "benefits", "room_benefits", NULL, &benefits_record, &view, &reply->http);
}
