/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_LOG_H
#define COMMON_PROGRAM_LOG_H
/*
 * One JSON object per line on stderr: ts, level, svc, msg and fields from an allow-list, so that
 * no personal data can be logged by accident. Skeletons log; library code never does.
 *
 * Nobody waits for whoever reads the log: a line that is not taken at once is dropped and counted, and
 * the next one that is taken says how many were. A line is written whole or not at all.
 */
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* The only fields there are (log.def): LOG_FIELD(CASE_ID, "case_id") ... */
enum log_field {
#define LOG_FIELD(symbol, name) LOG_##symbol,
#include "common/program/log.def"
#undef LOG_FIELD
    LOG_FIELD_COUNT,
};

struct log_pair {
    enum log_field field;
    const char *text; /* NULL: left out */
};

struct log;
/* The log of a program, on a descriptor (2) that stays the caller's. svc is a constant of the program. Thread-safe. */
struct log *log_new(const char *svc, int fd);
void log_free(struct log *log); /* NULL is legal */

/* Writes one line without waiting. now in microseconds; msg is a constant of the program. Values are
 * escaped; more than 200 bytes of a value are cut at a character, and what a line has no room for
 * (LOG_LONGEST) is left out. log NULL: nothing is said. */
enum { LOG_LONGEST = 4096 }; /* bytes that a pipe takes as one */
void log_write(struct log *log, int64_t now, enum log_level level, const char *msg,
               const struct log_pair *pairs, size_t count);
/* Says how many lines were dropped, if any were and somebody reads again. */
void log_settle(struct log *log, int64_t now);
/* Lines dropped since the start. */
uint64_t log_dropped(const struct log *log);

/* LOG_WRITE(program->log, now, LOG_LEVEL_INFO, "ready", { LOG_DETAIL, "..." }, ...) */
#define LOG_WRITE(log, now, level, msg, ...) \
    log_write((log), (now), (level), (msg), (const struct log_pair[]){ __VA_ARGS__ },           \
              sizeof((const struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair))

#endif
