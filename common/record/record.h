/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_RECORD_H
#define COMMON_RECORD_RECORD_H
/*
 * One descriptor per struct: it decodes bodies and events from JSON, encodes answers and events
 * to JSON, describes itself as JSON Schema for OpenAPI, and is what rows are read into and arrays
 * written from (db/row.h). The kind of a field follows from the C type of its member, so struct and
 * table can't disagree; an unknown type does not compile.
 *
 *      const char *        text; NULL = absent; "" = null was given (NULLABLE only)
 *      bool                boolean
 *      int64_t             integer
 *      struct maybe        integer or null/absent
 *      struct instant      date and time; written as UTC, RFC 3339
 *      struct bytes        of rows alone: in no JSON
 *      struct texts        list of text
 *      struct list         list of records          (LIST_FIELD)
 *      struct X *          nested record, NULL = absent   (NESTED_FIELD)
 */
#include "common/base/bytes.h"
#include "common/base/text.h"
#include "common/problem/scope.h"
#include "common/record/format.h"
#include "common/time/instant.h"

struct maybe {
    bool known;
    int64_t value;
};

struct list {
    const void *items; /* count structs of the field's record, in a row */
    size_t count;
};

enum kind {
    KIND_TEXT,
    KIND_BOOL,
    KIND_INTEGER,
    KIND_MAYBE,
    KIND_INSTANT,
    KIND_BYTES,
    KIND_TEXTS,
    KIND_LIST,
    KIND_NESTED,
};

enum field_flag {
    OPTIONAL = 1 << 0, /* may be left out */
    NULLABLE = 1 << 1, /* may be null (implies nothing about leaving it out) */
    PERSONAL = 1 << 2, /* tells who someone is or what they wrote: never to a log or an event */
    UNIQUE = 1 << 3,   /* a list of text without repeats */
    TRUE_ONLY = 1 << 4, /* a boolean that must be true */
    MADE = 1 << 5,      /* of other members: no column of a row */
    INNER = 1 << 6,     /* for rows and pages alone: in no JSON */
    DAY = 1 << 7,       /* an instant that pages say by its day alone */
    ENDS = 1 << 8,      /* one that ends a day: pages say that day, not the next, which begins then */
};

struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    unsigned flags;
    enum format format;
    unsigned max;               /* characters of a text (each, in texts); 0 = no limit here */
    unsigned max_items;         /* of a list; 0 = no limit here */
    const char *const *choices; /* NULL-terminated allowed words, or NULL */
    const struct record *record; /* of NESTED and LIST */
    const char *words;          /* of a code: pages say the word <words><code> (words/); or NULL */
    const char *summary;        /* one English line for the OpenAPI document, or NULL */
    const char *example;        /* JSON text of an example value, or NULL */
};

/* Whether it is a member of the document. */
static inline bool field_said(const struct field *f)
{
    return f->kind != KIND_BYTES && !(f->flags & INNER);
}

/* A check that no single field shows, of a whole document. It says which members it can't do without
 * (pointers below nested records, "/submitter/role"), and runs where all of these are there and none
 * of them was refused; so checks survive whatever is sent, and all faults come at once. What it does
 * not name may be NULL. */
enum { CHECK_READS_MOST = 4 };
struct check {
    const char *reads[CHECK_READS_MOST + 1]; /* ended by NULL */
    void (*run)(struct scope *s, const void *document);
};

struct record {
    const char *name; /* snake_case, the schema's name in OpenAPI and AsyncAPI */
    size_t size;      /* sizeof the struct */
    const struct field *fields; /* ends with a row without name */
    const struct check *checks; /* that span fields, in this order; end with a row without run; or NULL */
};

/* A record without checks that span fields: RECORD("receipt", struct receipt, receipt_fields). */
#define RECORD(record_name, type, members)                                                     \
    { .name = (record_name), .size = sizeof(type), .fields = (members) }

#define FIELD_KIND(type, member)                                                               \
    _Generic(((type *)0)->member,                                                              \
        const char *: KIND_TEXT,                                                               \
        bool: KIND_BOOL,                                                                       \
        int64_t: KIND_INTEGER,                                                                 \
        struct maybe: KIND_MAYBE,                                                              \
        struct instant: KIND_INSTANT,                                                          \
        struct bytes: KIND_BYTES,                                                              \
        struct texts: KIND_TEXTS)

/* FIELD(struct receipt, reference, .max = 10), further members as designated initialisers. */
#define FIELD(type, member, ...)                                                               \
    {                                                                                          \
        .name = #member, .kind = FIELD_KIND(type, member),                                     \
        .offset = offsetof(type, member), __VA_ARGS__                                          \
    }
/* The same where JSON calls the member by another name than C. */
#define FIELD_AS(type, member, said, ...)                                                      \
    {                                                                                          \
        .name = (said), .kind = FIELD_KIND(type, member), .offset = offsetof(type, member),    \
        __VA_ARGS__                                                                            \
    }
#define NESTED_FIELD(type, member, descriptor, ...)                                            \
    {                                                                                          \
        .name = #member, .kind = KIND_NESTED, .offset = offsetof(type, member),                \
        .record = (descriptor), __VA_ARGS__                                                    \
    }
#define LIST_FIELD(type, member, descriptor, ...)                                              \
    {                                                                                          \
        .name = #member, .kind = KIND_LIST, .offset = offsetof(type, member),                  \
        .record = (descriptor), __VA_ARGS__                                                    \
    }

enum strictness {
    RECORD_BODY,  /* unknown members are refused */
    RECORD_EVENT, /* unknown members are ignored */
};

/* Parses text (length bytes; depth at most 32, duplicate members refused with FAULT_DUPLICATE
 * and a NUL in a member's name with FAULT_FORMAT, malformed JSON as PROBLEM_MALFORMED with no field) and decodes it into
 * out, a struct of the record. All faults are collected in the scope; out is complete only on OK.
 * Texts point into the scope. A required text of blanks only is FAULT_MISSING in a body (an event's was
 * taken before), an optional one becomes NULL. */
enum problem record_from_json(struct scope *s, const struct record *record,
                              enum strictness strictness, const char *text, size_t length,
                              void *out);

/* The same from a parsed document. */
enum problem record_from_value(struct scope *s, const struct record *record,
                               enum strictness strictness, json_t *value, void *out);

#endif
