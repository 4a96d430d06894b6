/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_ACCESS_H
#define COMMON_WHO_ACCESS_H
/*
 * The access log: who saw, changed or looked up what of a person. A handler notes what it looked at; the
 * skeleton of the API writes the rows in the handler's own transaction, and gives no answer if it
 * can't, or if a route that must log (NEEDS_LOG) noted nothing.
 */
#include "common/record/record.h"

struct access_noted;
struct metrics;

enum access_act {
#define ACCESS_ACT(symbol, name) ACCESS_##symbol,
#define ACCESS_WHAT(symbol, name)
#include "common/who/access.def"
#undef ACCESS_ACT
#undef ACCESS_WHAT
    ACCESS_ACT_COUNT,
};

enum access_what {
#define ACCESS_ACT(symbol, name)
#define ACCESS_WHAT(symbol, name) ACCESS_OF_##symbol,
#include "common/who/access.def"
#undef ACCESS_ACT
#undef ACCESS_WHAT
    ACCESS_WHAT_COUNT,
};

const char *access_act_name(enum access_act act);
const char *access_what_name(enum access_what what);

struct access {
    enum access_act act;
    enum access_what what;
    const char *municipality;
    const char *case_id; /* NULL = of no one case */
};

/* A row of the table access_log. */
struct access_row {
    const char *id, *municipality;
    struct instant at;
    const char *kind, *who, *name, *unit, *role; /* the last three may be NULL */
    const char *what, *act, *case_id;            /* case_id may be NULL */
    struct bytes reason;                         /* sealed; data NULL = none was given */
    const char *request_id;                      /* or NULL */
    struct bytes mac;
};
extern const struct record access_row_record;

/* What a request has looked at so far. */
struct accesses {
    const char *reason; /* that staff or a system gave, or NULL */
    struct access_noted *first, **end;
    size_t count;
    bool by_handler; /* a handler's own statement writes the rows */
};

/* Begins, and begins again: nothing is noted. */
void access_forget(struct accesses *accesses);

/* Notes what the answer shows or the request changes. Its texts are borrowed. */
void access_note(struct scope *s, const struct access *access);

/* Notes that something was searched, in every municipality that who asks may see. */
void access_note_search(struct scope *s, enum access_what what, const char *case_id);

/* Notes what the id of a case or an application stands for; of none that may be seen, a search. */
enum problem access_note_of(struct scope *s, enum access_act act, enum access_what what,
                            const char *id);

/* The municipality of a case, by its id or its application's; *case_id is NULL if there is none that
 * may be seen. */
enum problem access_find(struct scope *s, const char *id, const char **case_id,
                         const char **municipality);

/* A whole row, for a statement of the handler's own that must write it: that counts as noted. No
 * reason is given there. */
enum problem access_row_make(struct scope *s, const struct access *access,
                             struct access_row *out);

/* Writes what was noted, in one statement of the open transaction. */
enum problem access_write(struct scope *s);

/* Writes that who asks was refused, in the open transaction. route is a pattern: what they asked for. */
enum problem access_write_refusal(struct scope *s, const char *route, const char *municipality,
                                  const char *case_id);

/* Adds to the metric. */
void access_metrics(struct metrics *m);
void access_count(const struct scope *s, const char *act, size_t rows);

#endif
