/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H
/*
 * One JSON object per line on stderr: ts, level, svc, msg and fields from an allow-list, so that
 * no personal data can be logged by accident. Skeletons log; library code never does.
 */
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* The only fields there are (log.def): LOG_FIELD(CASE_ID, "case_id") ... */
enum log_field {
#define LOG_FIELD(symbol, name) LOG_##symbol,
#include "common/log.def"
#undef LOG_FIELD
    LOG_FIELD_COUNT,
};

struct log_pair {
    enum log_field field;
    const char *text; /* NULL: left out */
};

/* Writes one line with one write(2). now in microseconds; svc and msg are constants of the
 * program. Values are escaped; more than 200 bytes of a value are cut at a character. */
void log_write(const char *svc, int64_t now, enum log_level level, const char *msg,
               const struct log_pair *pairs, size_t count);

/* LOG_WRITE("triage", now, LOG_LEVEL_INFO, "ready", { LOG_DETAIL, "..." }, ...) */
#define LOG_WRITE(svc, now, level, msg, ...) \
    log_write((svc), (now), (level), (msg), (const struct log_pair[]){ __VA_ARGS__ },           \
              sizeof((const struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair))

#endif
