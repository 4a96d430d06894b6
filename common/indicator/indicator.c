/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of indicators (definitions: the benefit plan's formulas). */
#include "common/indicator/indicator.h"

#include "common/indicator/queries.h"

int64_t permille(int64_t part, int64_t whole)
{
    return (part * 2000 + whole) / (whole * 2);
}

int64_t nearest_rank(int64_t n, int p)
{
    return (n * p + 99) / 100;
}

bool too_few(int64_t n)
{
    return n >= 1 && n <= 4;
}

struct counted {
    int64_t n, open;
    struct maybe value;
};

static enum problem first_talk_share(struct scope *s, const struct param *period,
                                     struct counted *out)
{
    struct result r;
    TRY(db_run(s, &sql_indicator_i4, &r, period, 3));
    out->n = result_integer(&r, 0, "n");
    out->open = result_integer(&r, 0, "open");
    if (out->n)
        out->value = (struct maybe){ true, permille(result_integer(&r, 0, "met"), out->n) };
    return OK;
}

/* A receipt that never came counts as the longest wait of all. */
static enum problem receipt_time(struct scope *s, const struct param *period, struct counted *out)
{
    struct result r;
    TRY(db_run(s, &sql_indicator_i5, &r, period, 3));
    out->n = result_integer(&r, 0, "n");
    out->open = result_integer(&r, 0, "open");
    if (!out->n)
        return OK;
    int64_t rank = nearest_rank(out->n, 95);
    if (rank > result_integer(&r, 0, "answered"))
        return OK;
    TRY(DB_RUN(s, &sql_indicator_i5_rank, &r, period[0], period[1], param_integer(s, rank - 1)));
    out->value = (struct maybe){ true, result_integer(&r, 0, "seconds") };
    return OK;
}

static enum problem receipt_none(struct scope *s, const struct param *period, struct counted *out)
{
    struct result r;
    TRY(db_run(s, &sql_indicator_i5, &r, period, 3));
    out->n = result_integer(&r, 0, "n");
    out->open = result_integer(&r, 0, "open");
    if (out->n)
        out->value = (struct maybe){ true, result_integer(&r, 0, "none") };
    return OK;
}

static enum problem digital_share(struct scope *s, const struct param *period,
                                  struct counted *out)
{
    struct result r;
    TRY(db_run(s, &sql_indicator_i6, &r, period, 2));
    out->n = result_integer(&r, 0, "n");
    if (out->n)
        out->value = (struct maybe){ true, permille(result_integer(&r, 0, "digital"), out->n) };
    return OK;
}

static const struct {
    const char *id;
    const char *name;
    const char *unit;
    bool counts; /* the value itself is a number of cases */
    bool by_day; /* the period, and the present, as dates, not instants */
    enum problem (*count)(struct scope *s, const struct param *period, struct counted *out);
} indicators[INDICATOR_COUNT] = {
    [INDICATOR_I4] = { "I4", "Første samtale innen fristen", "permille", false, true,
                       first_talk_share },
    [INDICATOR_I5] = { "I5", "Tid til kvittering, 95-persentil", "seconds", false, false,
                       receipt_time },
    [INDICATOR_I5_NONE_24H] = { "I5_none_24h", "Uten kvittering etter 24 timer", "cases", true,
                                false, receipt_none },
    [INDICATOR_I6] = { "I6", "Digital andel", "permille", false, false, digital_share },
};

static bool suppressed(int i, const struct counted *c)
{
    return too_few(c->n) || (indicators[i].counts && c->value.known && too_few(c->value.value));
}

enum problem indicators_compute(struct scope *s, struct date from, struct date to,
                                struct indicator_value *out)
{
    const struct param instants[] = { param_time(s, oslo_instant(from, 0, 0)),
                                      param_time(s, oslo_instant(to, 0, 0)),
                                      param_time(s, s->now) };
    const struct param days[] = { param_text(date_text(s->arena, from)),
                                  param_text(date_text(s->arena, to)),
                                  param_text(date_text(s->arena, oslo_date(s->now))) };
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        struct counted c = { 0 };
        TRY(indicators[i].count(s, indicators[i].by_day ? days : instants, &c));
        bool hidden = suppressed(i, &c);
        out[i] = (struct indicator_value){
            .id = indicators[i].id,
            .name = indicators[i].name,
            .unit = indicators[i].unit,
            .value = hidden ? (struct maybe){ 0 } : c.value,
            .n = hidden ? (struct maybe){ 0 } : (struct maybe){ true, c.n },
            .open = too_few(c.open) ? (struct maybe){ 0 } : (struct maybe){ true, c.open },
            .suppressed = hidden,
        };
    }
    return OK;
}
