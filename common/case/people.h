/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CASE_PEOPLE_H
#define COMMON_CASE_PEOPLE_H
/*
 * The people of a case: who they are (persons) and which parts they have in it (case_parties). Who
 * sends an application, whom the help is for, who has a party's rights and who is written to may be
 * four different people.
 */
#include "common/base/bytes.h"
#include "common/base/text.h"
#include "common/problem/scope.h"

struct submitter {
    const char *national_id;
    const char *name;
    const char *phone;
    const char *email;
    const char *role;  /* of submitter_role_codes */
    const char *basis; /* of basis_codes */
};

struct address {
    const char *line;
    const char *postal_code;
};

struct applicant { /* the person the help is for */
    const char *national_id; /* NULL: has none, or left out */
    const char *name;
    struct address *address;
    const char *phone;
    const char *interpreter;
};

/* What an application says of its people. */
struct people {
    struct submitter *submitter;
    struct applicant *applicant; /* NULL: left out, it is the submitter */
    struct texts services;
};

/* From an application's document. MALFORMED if it names no one. */
enum problem people_from_value(struct scope *s, json_t *document, struct people *out);

enum part { /* bits in the order of part_codes */
    PART_SUBMITTER = 1 << 0,
    PART_APPLICANT = 1 << 1,
    PART_PARTY = 1 << 2,
    PART_RECIPIENT = 1 << 3, /* letters are for them */
};

struct parts {
    unsigned submitter;
    unsigned applicant; /* 0: they are the same person */
};

/* Which parts follow from who sends an application for whom, with what authority; basis may be
 * NULL. */
struct parts parts_of(const char *role, const char *basis, const struct texts *services);

/* What is known of a person. */
struct person {
    const char *national_id;
    const char *name;
    const char *phone;
    const char *email;
    struct address *address;
    const char *interpreter;
};

/* A person as one source has said who they are. */
struct said {
    struct person person;
    bool own; /* by the person themself */
    int64_t at;
};

/*
 * What is known after both. What people say of themselves goes before what others say of them,
 * whenever it was said: who knows a number must not be able to redirect a person's post. Of two
 * sources of the same kind the later one counts, but what it leaves out stays.
 */
struct said said_merge(const struct said *known, const struct said *said);

/* Seals what is known of the person with that row id, and opens it again. */
enum problem person_close(struct scope *s, const char *municipality, const char *id,
                          const struct person *person, struct bytes *out);
enum problem person_open(struct scope *s, const char *municipality, const char *id,
                         struct bytes sealed, struct person *out);

/* A person of a new case, as rows of persons and case_parties tell. */
struct participant {
    struct said said;
    const char *person_id; /* of the row, if the person is not known before */
    struct bytes index;    /* data NULL: no national id */
    struct bytes sealed;
    const char *parts;     /* as an array literal */
    const char *role;      /* in which they act for another; NULL: for nobody */
    const char *basis;
};
enum { PARTICIPANTS_MOST = 2 };

/* The people of an application that was received at that time. */
enum problem participants_make(struct scope *s, const char *municipality,
                               const struct people *people, int64_t received_at,
                               struct participant out[PARTICIPANTS_MOST], size_t *count);

#endif
