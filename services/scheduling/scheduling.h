/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_SCHEDULING_SCHEDULING_H
#define SERVICES_SCHEDULING_SCHEDULING_H
/* The early talk, the deadlines and the agendas of a case. */
#include "common/record/record.h"

struct case_row;
struct event;
struct item;

struct metrics;

struct team {
    const char *id;
    const char *municipality;
    const char *code;
    int64_t weekday; /* ISO 8601 */
    int64_t hour;    /* Europe/Oslo */
    int64_t minute;
    int64_t slots;
    int64_t slot_minutes;
};
extern const struct record team_record;

/* Handlers. */
enum problem scheduling_triaged(struct scope *s, struct item *items, size_t count);
enum problem scheduling_contacts(struct scope *s, struct item *items, size_t count);

/* Ticks. */
enum problem deadlines_tick(struct program *program, struct scope *s);
/* Counts the accepted applications that have neither outcome nor alarm: there must be none. */
void scheduling_metrics(struct metrics *metrics);
enum problem silent_tick(struct program *program, struct scope *s);
enum problem meetings_tick(struct program *program, struct scope *s);

/* A locked case that a team shall see. */
struct placing {
    const struct case_row *row;
    const struct event *cause;
    const char *department;
    int64_t preliminary_due;
};

/* Puts each case on the agenda of its team's first meeting with room, in the order given, and says
 * so. */
enum problem agenda_plan(struct scope *s, const struct placing *placings, size_t count);

/* Makes the meetings of a team that are missing in the eight weeks from a day on. */
enum problem meetings_make(struct scope *s, const struct team *team, struct date from);

/* Pure. The start of the first free slot of a meeting; taken are the starts of those that are not,
 * in order. 0 if none is free. */
int64_t slot_choose(int64_t meeting_starts, int64_t slots, int64_t slot_minutes, const int64_t *taken,
                    size_t count);
/* Pure. From when a meeting may take a case that is planned now: noon of the next working day. */
int64_t agenda_opens(int64_t now);
/* Pure. Later than 7 days before the preliminary reply is due. */
bool agenda_is_late(int64_t slot_starts, int64_t preliminary_due);

#endif
