/* SPDX-License-Identifier: EUPL-1.2 */
/* Who takes part in a case by an application, and what is kept of who they are. */
#include "common/case/people.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/db/values.h"
#include "common/record/encode.h"
#include "common/record/record.h"
#include "common/seal/seal.h"
#include "common/words/codes.h"

/* clang-format off */
/* Read as they were taken: what was well-formed then is not judged again. */
static const struct field address_fields[] = {
    FIELD(struct address, line,        .flags = PERSONAL | OPTIONAL),
    FIELD(struct address, postal_code, .flags = OPTIONAL),
    { 0 },
};
static const struct record address_record = { "address", sizeof(struct address), address_fields, NULL };

static const struct field submitter_fields[] = {
    FIELD(struct submitter, national_id, .flags = PERSONAL),
    FIELD(struct submitter, name,        .flags = PERSONAL),
    FIELD(struct submitter, phone,       .flags = PERSONAL | OPTIONAL),
    FIELD(struct submitter, email,       .flags = PERSONAL | OPTIONAL),
    FIELD(struct submitter, role),
    FIELD(struct submitter, basis,       .flags = OPTIONAL),
    { 0 },
};
static const struct record submitter_record = { "submitter", sizeof(struct submitter), submitter_fields, NULL };

static const struct field applicant_fields[] = {
    FIELD(struct applicant, national_id, .flags = PERSONAL | OPTIONAL | NULLABLE),
    FIELD(struct applicant, name,        .flags = PERSONAL | OPTIONAL),
    NESTED_FIELD(struct applicant, address, &address_record, .flags = OPTIONAL),
    FIELD(struct applicant, phone,       .flags = PERSONAL | OPTIONAL),
    FIELD(struct applicant, interpreter, .flags = PERSONAL | OPTIONAL),
    { 0 },
};
static const struct record applicant_record = { "applicant", sizeof(struct applicant), applicant_fields, NULL };

static const struct field people_fields[] = {
    NESTED_FIELD(struct people, submitter, &submitter_record),
    NESTED_FIELD(struct people, applicant, &applicant_record, .flags = OPTIONAL),
    FIELD(struct people, services, .flags = OPTIONAL),
    { 0 },
};
static const struct record people_record = { "people", sizeof(struct people), people_fields, NULL };

static const struct field person_fields[] = {
    FIELD(struct person, national_id, .flags = PERSONAL | OPTIONAL),
    FIELD(struct person, name,        .flags = PERSONAL | OPTIONAL),
    FIELD(struct person, phone,       .flags = PERSONAL | OPTIONAL),
    FIELD(struct person, email,       .flags = PERSONAL | OPTIONAL),
    NESTED_FIELD(struct person, address, &address_record, .flags = OPTIONAL),
    FIELD(struct person, interpreter, .flags = PERSONAL | OPTIONAL),
    { 0 },
};
static const struct record person_record = { "person", sizeof(struct person), person_fields, NULL };

/*
 * Help to those who care for another is theirs: they are party to it beside the one cared for
 * (hol § 3-6, pbrl § 2-8).
 */
static const char *const carers_own[] = { "OMSTON", "AVLU", "AVLI" };

#define ALL (PART_SUBMITTER | PART_APPLICANT | PART_PARTY | PART_RECIPIENT)
#define ACTS (PART_SUBMITTER | PART_RECIPIENT) /* in the applicant's place (fvl. § 12) */
#define ACTED_FOR (PART_APPLICANT | PART_PARTY)
#define CARES (PART_SUBMITTER | PART_PARTY | PART_RECIPIENT)
#define HELPED (PART_APPLICANT | PART_PARTY | PART_RECIPIENT)

/* An authority that is promised for later, or that there is none of, gives no part. */
static const char *const given[] = { "attached", "certificate", "parental" };

/* First match wins; NULL and false match everything. */
static const struct {
    const char *role;
    bool given; /* the basis is */
    bool cares; /* something is asked for that is the carer's own */
    struct parts parts;
} rules[] = {
/*    role        given  cares   submitter        applicant */
    { "self",     false, false, { ALL,            0         } },
    { "guardian", true,  false, { ACTS,           ACTED_FOR } },
    { "attorney", true,  false, { ACTS,           ACTED_FOR } },
    { "parent",   true,  true,  { CARES,          ACTED_FOR } },
    { "parent",   true,  false, { ACTS,           ACTED_FOR } },
    { "parent",   false, true,  { CARES,          HELPED    } },
    { "relative", false, true,  { CARES,          HELPED    } },
    { NULL,       false, false, { PART_SUBMITTER, HELPED    } },
};
/* clang-format on */

static bool holds(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count && word; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool asks_for_carer(const struct texts *services)
{
    for (size_t i = 0; i < services->count; i++)
        if (holds(carers_own, sizeof(carers_own) / sizeof(*carers_own), services->items[i]))
            return true;
    return false;
}

struct parts parts_of(const char *role, const char *basis, const struct texts *services)
{
    size_t i = 0;
    bool cares = asks_for_carer(services);
    bool has_basis = holds(given, sizeof(given) / sizeof(*given), basis);
    while ((rules[i].role && strcmp(rules[i].role, role) != 0) || rules[i].given > has_basis ||
           rules[i].cares > cares)
        i++;
    return rules[i].parts;
}

enum problem people_from_value(struct scope *s, json_t *document, struct people *out)
{
    return record_from_value(s, &people_record, RECORD_EVENT, document, out);
}

static const char *prefer(const char *first, const char *second)
{
    return first ? first : second;
}

static struct person over(const struct person *first, const struct person *second)
{
    return (struct person){
        .national_id = prefer(first->national_id, second->national_id),
        .name = prefer(first->name, second->name),
        .phone = prefer(first->phone, second->phone),
        .email = prefer(first->email, second->email),
        .address = first->address ? first->address : second->address,
        .interpreter = prefer(first->interpreter, second->interpreter),
    };
}

struct said said_merge(const struct said *known, const struct said *said)
{
    if (said->own != known->own)
        return said->own ? *said : *known;
    const struct said *later = said->at > known->at ? said : known;
    return (struct said){
        .person = over(&later->person, later == said ? &known->person : &said->person),
        .own = known->own,
        .at = later->at,
    };
}

enum problem person_close(struct scope *s, const char *municipality, const char *id,
                          const struct person *person, struct bytes *out)
{
    const char *text = record_to_json(s, &person_record, person);
    return seal_close(s, SEAL_PERSON, municipality, id, text, strlen(text), out);
}

enum problem person_open(struct scope *s, const char *municipality, const char *id,
                         struct bytes sealed, struct person *out)
{
    struct bytes plain;
    TRY(seal_open(s, SEAL_PERSON, municipality, id, sealed.data, sealed.length, &plain));
    return record_from_json(s, &person_record, RECORD_EVENT, (const char *)plain.data,
                            plain.length, out);
}

static const char *parts_literal(struct scope *s, unsigned parts)
{
    const char *held[4];
    size_t count = 0;
    for (size_t i = 0; part_codes[i]; i++)
        if (parts & 1u << i)
            held[count++] = part_codes[i];
    return array_literal(s, held, count);
}

static enum problem make(struct scope *s, const char *municipality, unsigned parts,
                         struct participant *one)
{
    const char *number = one->said.person.national_id;
    one->person_id = uuid_v7(s->arena, s->now);
    one->parts = parts_literal(s, parts);
    TRY(person_close(s, municipality, one->person_id, &one->said.person, &one->sealed));
    return number ? seal_index(s, municipality, number, &one->index) : OK;
}

static struct person sender(const struct people *people, bool self)
{
    const struct submitter *from = people->submitter;
    struct person person = { .national_id = from->national_id,
                             .name = from->name,
                             .phone = from->phone,
                             .email = from->email };
    const struct applicant *more = people->applicant;
    if (self && more) {
        person.address = more->address;
        person.phone = prefer(more->phone, from->phone);
        person.interpreter = more->interpreter;
    }
    return person;
}

static struct person helped(const struct applicant *applicant)
{
    const char *number = applicant->national_id;
    return (struct person){ .national_id = number && *number ? number : NULL,
                            .name = applicant->name,
                            .phone = applicant->phone,
                            .address = applicant->address,
                            .interpreter = applicant->interpreter };
}

enum problem participants_make(struct scope *s, const char *municipality,
                               const struct people *people, int64_t received_at,
                               struct participant out[PARTICIPANTS_MOST], size_t *count)
{
    const struct submitter *from = people->submitter;
    struct parts parts = parts_of(from->role, from->basis, &people->services);
    bool self = parts.applicant == 0;
    out[0] = (struct participant){
        .said = { .person = sender(people, self), .own = true, .at = received_at },
        .role = self ? NULL : from->role,
        .basis = self ? NULL : from->basis,
    };
    *count = self ? 1 : 2;
    TRY(make(s, municipality, parts.submitter, &out[0]));
    if (self)
        return OK;
    if (!people->applicant)
        return scope_fail(s, PROBLEM_MALFORMED, "the application says not whom it is for");
    out[1] = (struct participant){
        .said = { .person = helped(people->applicant), .own = false, .at = received_at },
    };
    return make(s, municipality, parts.applicant, &out[1]);
}
