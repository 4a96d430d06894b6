/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_HANDLER_SEED_H
#define TESTS_HANDLER_SEED_H
/*
 * Who and what there is when a table begins, made by the programs themselves: an application comes in by the API,
 * triage and scheduling take it on, a talk is registered.
 *
 *      $anna $bo $ruth      national ids
 *      $received            a case, as its name says
 *      $dialogue            triaged, a talk is planned; it has a letter
 *      $assessment          a talk was held
 *      $team                on an agenda, a talk is planned
 *      $forward             triaged, for the county; no talk
 *      $ended               withdrawn
 *      $neighbours          of the municipality next door
 *      $nowhere             no case at all
 *      $<case>_application  its application's id
 *      $<case>_seq          the number of its last event
 */
#include "common/who/role.h"
#include "common/who/who.h"
#include "tests/handler/deliver.h"

extern struct principal anna, bo, ruth;  /* citizens of 4627 */
extern struct principal county;          /* a system, let in for 4627 */
extern struct principal neighbour;       /* a system, let in for 6901 alone */
/* Staff of 4627: Odd is a caseworker; Synne leads the team of $team, Liv and Egil are in it, Máret in the other. */
extern struct principal odd, synne, liv, maret, officer, operator, owner, administrator;

/* "applications.write applications.read ..." */
extern const char every_scope[];

void seed_all(void);

/* An application, with what changes of it ("\"urgency\": \"acute\""; "" if nothing), taken in for the citizen. The case
 * is called name. */
void seed_application(const char *name, const struct principal *who, const char *municipality, const char *changes);
/* Takes the named case as far as a talk, or an agenda. */
void seed_planned(const char *name);
void seed_contact(const char *name);

/* An event as the log could hold it, whatever it says: "case.triaged", or "no.tillit.case.triaged.v2", and its data. */
void seed_event(const char *case_id, const char *type, const char *data);

#endif
