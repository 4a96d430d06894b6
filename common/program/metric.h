/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_METRIC_H
#define COMMON_PROGRAM_METRIC_H
/*
 * Counters, gauges and histograms, written as Prometheus text 0.0.4. The table is metric.def
 * (metric.def); a series is a metric and its label values. Labels hold codes only. A program starts
 * each series of its own that it knows beforehand: what is not there can not be told from what is lost.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum metric {
#define METRIC(symbol, type, name, labels, on, later, help) METRIC_##symbol,
#include "common/program/metric.def"
#undef METRIC
    METRIC_COUNT,
};

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);

/* Label values in the order of the table's label names, as many as it names. All are
 * thread-safe and keep copies. METRICS(m, HTTP_REQUESTS, "/x", "GET", "200") for the list. */
/* The series is there from now on, at zero if it is new. */
void metric_start(struct metrics *m, enum metric metric, const char *const *labels);
void metric_add(struct metrics *m, enum metric metric, const char *const *labels, double by);
void metric_set(struct metrics *m, enum metric metric, const char *const *labels, double value);
/* Histograms: seconds, buckets 1 ms to 10 s. */
void metric_observe(struct metrics *m, enum metric metric, const char *const *labels,
                    double seconds);
/* Forgets one series, or all of the metric with labels NULL: an absent gauge. */
void metric_forget(struct metrics *m, enum metric metric, const char *const *labels);

/* Content type "text/plain; version=0.0.4"; HELP, TYPE and series in table order. */
char *metrics_text(struct metrics *m, struct arena *a);

#define LABELS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif
