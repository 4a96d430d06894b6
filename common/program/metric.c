/* SPDX-License-Identifier: EUPL-1.2 */
/* Series in a list per metric, under one lock: they are few, and counting is short. */
#include "common/program/metric.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"

enum type { COUNTER, GAUGE, HISTOGRAM };

static const struct {
    enum type type;
    const char *name;
    const char *labels; /* comma-separated names */
    const char *help;
} table[METRIC_COUNT] = {
#define METRIC(symbol, type, name, labels, on, later, help) [METRIC_##symbol] = { type, name, labels, help },
#include "common/program/metric.def"
#undef METRIC
};

static const char *const type_names[] = { "counter", "gauge", "histogram" };

static const double bounds[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                 0.25,  0.5,    1,     2.5,  5,     10 };
enum { BOUNDS = sizeof(bounds) / sizeof(*bounds) };

struct series {
    struct series *next;
    const char *labels; /* as written: route="/x",method="GET" */
    bool forgotten;
    double value; /* of a histogram: the sum */
    uint64_t buckets[BOUNDS + 1];
};

struct metrics {
    struct arena *arena;
    pthread_mutex_t lock;
    struct series *series[METRIC_COUNT];
};

struct metrics *metrics_new(void)
{
    struct arena *arena = arena_new();
    struct metrics *m = ARENA_NEW(arena, struct metrics);
    m->arena = arena;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void metrics_free(struct metrics *m)
{
    if (!m)
        return;
    pthread_mutex_destroy(&m->lock);
    arena_free(m->arena);
}

static void add_value(struct buffer *b, const char *value)
{
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            buffer_printf(b, "\\%c", *value);
        else if (*value == '\n')
            buffer_text(b, "\\n");
        else
            buffer_char(b, *value);
    }
}

/* name="value",... of the label values. */
static const char *label_text(struct arena *a, enum metric metric, const char *const *values)
{
    struct buffer b = buffer_new(a);
    const char *name = table[metric].labels;
    for (; *name; values++) {
        size_t length = strcspn(name, ",");
        if (!*values)
            abort();
        if (b.length)
            buffer_char(&b, ',');
        buffer_add(&b, name, length);
        buffer_text(&b, "=\"");
        add_value(&b, *values);
        buffer_char(&b, '"');
        name += length + (name[length] == ',');
    }
    return b.text;
}

/* The series of the labels, made if it is new. Under the lock. */
static struct series *find(struct metrics *m, enum metric metric, const char *labels)
{
    struct series **at = &m->series[metric];
    while (*at && strcmp((*at)->labels, labels) != 0)
        at = &(*at)->next;
    if (!*at) {
        *at = ARENA_NEW(m->arena, struct series);
        (*at)->labels = arena_strdup(m->arena, labels);
    }
    (*at)->forgotten = false;
    return *at;
}

enum change { START, ADD, SET, OBSERVE, FORGET };

static void observe(struct series *series, double seconds)
{
    int bucket = 0;
    while (bucket < BOUNDS && seconds > bounds[bucket])
        bucket++;
    series->buckets[bucket]++;
    series->value += seconds;
}

static void change(struct metrics *m, enum metric metric, const char *const *values,
                   enum change how, double by)
{
    struct arena_room room;
    struct arena *a = arena_within(&room);
    const char *labels = label_text(a, metric, values);
    pthread_mutex_lock(&m->lock);
    struct series *series = find(m, metric, labels);
    if (how == OBSERVE)
        observe(series, by);
    else if (how != START)
        series->value = how == ADD ? series->value + by : by;
    series->forgotten = how == FORGET;
    pthread_mutex_unlock(&m->lock);
    arena_free(a);
}

void metric_start(struct metrics *m, enum metric metric, const char *const *labels)
{
    change(m, metric, labels, START, 0);
}

void metric_add(struct metrics *m, enum metric metric, const char *const *labels, double by)
{
    change(m, metric, labels, ADD, by);
}

void metric_set(struct metrics *m, enum metric metric, const char *const *labels, double value)
{
    change(m, metric, labels, SET, value);
}

void metric_observe(struct metrics *m, enum metric metric, const char *const *labels,
                    double seconds)
{
    change(m, metric, labels, OBSERVE, seconds);
}

void metric_forget(struct metrics *m, enum metric metric, const char *const *labels)
{
    if (labels) {
        change(m, metric, labels, FORGET, 0);
        return;
    }
    pthread_mutex_lock(&m->lock);
    for (struct series *series = m->series[metric]; series; series = series->next)
        series->forgotten = true;
    pthread_mutex_unlock(&m->lock);
}

static void add_number(struct buffer *b, double value)
{
    if (value == floor(value) && fabs(value) < 1e15)
        buffer_printf(b, "%.0f\n", value);
    else
        buffer_printf(b, "%.15g\n", value); /* a time in seconds has ten digits before the point */
}

static void add_histogram(struct buffer *b, const char *name, const struct series *series)
{
    uint64_t count = 0;
    const char *comma = *series->labels ? "," : "";
    for (int i = 0; i < BOUNDS; i++) {
        count += series->buckets[i];
        buffer_printf(b, "%s_bucket{%s%sle=\"%g\"} %llu\n", name, series->labels, comma,
                      bounds[i], (unsigned long long)count);
    }
    count += series->buckets[BOUNDS];
    buffer_printf(b, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", name, series->labels, comma,
                  (unsigned long long)count);
    buffer_printf(b, "%s_sum{%s} %.6f\n%s_count{%s} %llu\n", name, series->labels,
                  series->value, name, series->labels, (unsigned long long)count);
}

static void add_metric(struct buffer *b, enum metric metric, const struct series *series)
{
    const char *name = table[metric].name;
    buffer_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, table[metric].help, name,
                  type_names[table[metric].type]);
    for (; series; series = series->next) {
        if (series->forgotten)
            continue;
        if (table[metric].type == HISTOGRAM) {
            add_histogram(b, name, series);
            continue;
        }
        buffer_text(b, name);
        if (*series->labels)
            buffer_printf(b, "{%s}", series->labels);
        buffer_char(b, ' ');
        add_number(b, series->value);
    }
}

char *metrics_text(struct metrics *m, struct arena *a)
{
    struct buffer b = buffer_new(a);
    pthread_mutex_lock(&m->lock);
    for (unsigned i = 0; i < METRIC_COUNT; i++)
        if (m->series[i])
            add_metric(&b, (enum metric)i, m->series[i]);
    pthread_mutex_unlock(&m->lock);
    return b.text;
}
