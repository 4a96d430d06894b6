/* SPDX-License-Identifier: EUPL-1.2 */
/* Prometheus text, to the letter. */
#include "tests/unit/table.h"

#include <pthread.h>

#include "common/base/arena.h"
#include "common/program/metric.h"

static void counters_and_gauges(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct metrics *m = metrics_new();
    metric_set(m, METRIC_TICK_SUCCESS, LABELS("remind"), 1764000000.25);
    metric_add(m, METRIC_HTTP_REQUESTS, LABELS("/api/v1/cases/{id}", "GET", "200"), 1);
    metric_add(m, METRIC_HTTP_REQUESTS, LABELS("a\"b\\c\nd", "GET", "404"), 2);
    metric_add(m, METRIC_HTTP_REQUESTS, LABELS("/api/v1/cases/{id}", "GET", "200"), 1);
    metric_set(m, METRIC_UNSENT_EVENTS, LABELS(NULL), 3);
    metric_set(m, METRIC_UNSENT_EVENTS, LABELS(NULL), 0);
    CHECK_TEXT("text", metrics_text(m, a),
               "# HELP tillit_http_requests_total Requests answered\n"
               "# TYPE tillit_http_requests_total counter\n"
               "tillit_http_requests_total{route=\"/api/v1/cases/{id}\",method=\"GET\",status=\"200\"} 2\n"
               "tillit_http_requests_total{route=\"a\\\"b\\\\c\\nd\",method=\"GET\",status=\"404\"} 2\n"
               "# HELP tillit_unsent_events Events not yet on Kafka\n"
               "# TYPE tillit_unsent_events gauge\n"
               "tillit_unsent_events 0\n"
               "# HELP tillit_tick_last_success_timestamp_seconds When the tick last went well; 0 = not since the program started\n"
               "# TYPE tillit_tick_last_success_timestamp_seconds gauge\n"
               "tillit_tick_last_success_timestamp_seconds{tick=\"remind\"} 1764000000.25\n");
    metrics_free(m);
    arena_free(a);
}

static void histograms(void **state)
{
    (void)state;
    static const struct {
        const char *line;
    } rows[] = {
        { "tillit_http_request_seconds_bucket{route=\"/\",le=\"0.001\"} 1\n" }, /* the bound belongs to it */
        { "tillit_http_request_seconds_bucket{route=\"/\",le=\"0.25\"} 1\n" },
        { "tillit_http_request_seconds_bucket{route=\"/\",le=\"0.5\"} 2\n" },
        { "tillit_http_request_seconds_bucket{route=\"/\",le=\"10\"} 2\n" },
        { "tillit_http_request_seconds_bucket{route=\"/\",le=\"+Inf\"} 3\n" },
        { "tillit_http_request_seconds_sum{route=\"/\"} 11.501000\n" },
        { "tillit_http_request_seconds_count{route=\"/\"} 3\n" },
    };
    struct arena *a = arena_new();
    struct metrics *m = metrics_new();
    metric_observe(m, METRIC_HTTP_SECONDS, LABELS("/"), 0.001);
    metric_observe(m, METRIC_HTTP_SECONDS, LABELS("/"), 0.5);
    metric_observe(m, METRIC_HTTP_SECONDS, LABELS("/"), 11);
    const char *text = metrics_text(m, a);
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].line, strstr(text, rows[i].line) != NULL, true);
    metrics_free(m);
    arena_free(a);
}

static void a_forgotten_series_is_absent(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct metrics *m = metrics_new();
    metric_set(m, METRIC_INDICATOR, LABELS("I4", "permille"), 900);
    metric_set(m, METRIC_INDICATOR, LABELS("I5", "seconds"), 7);
    metric_forget(m, METRIC_INDICATOR, LABELS("I4", "permille"));
    CHECK_INT("forgotten", strstr(metrics_text(m, a), "id=\"I4\"") != NULL, false);
    CHECK_INT("the other stays", strstr(metrics_text(m, a), "id=\"I5\",unit=\"seconds\"} 7\n") != NULL, true);
    metric_set(m, METRIC_INDICATOR, LABELS("I4", "permille"), 800);
    CHECK_INT("known again", strstr(metrics_text(m, a), "id=\"I4\",unit=\"permille\"} 800\n") != NULL, true);
    metric_forget(m, METRIC_INDICATOR, NULL);
    CHECK_INT("all forgotten", strstr(metrics_text(m, a), "tillit_indicator{") != NULL, false);
    metrics_free(m);
    arena_free(a);
}

static void *count_to_thousand(void *m)
{
    for (int i = 0; i < 1000; i++)
        metric_add(m, METRIC_LETTERS, LABELS("receipt", "nb"), 1);
    return NULL;
}

static void threads_lose_nothing(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct metrics *m = metrics_new();
    pthread_t threads[4];
    for (size_t i = 0; i < ROWS(threads); i++)
        pthread_create(&threads[i], NULL, count_to_thousand, m);
    for (size_t i = 0; i < ROWS(threads); i++)
        pthread_join(threads[i], NULL);
    CHECK_INT("counted", strstr(metrics_text(m, a), "language=\"nb\"} 4000\n") != NULL, true);
    metrics_free(m);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(counters_and_gauges), cmocka_unit_test(histograms),
                                        cmocka_unit_test(a_forgotten_series_is_absent),
                                        cmocka_unit_test(threads_lose_nothing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
