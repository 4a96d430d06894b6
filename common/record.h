/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_H
#define COMMON_RECORD_H
/*
 * One descriptor per struct: it decodes bodies and events from JSON, encodes answers and events
 * to JSON, and describes itself as JSON Schema for OpenAPI. The kind of a field follows from the
 * C type of its member, so struct and table can't disagree; an unknown type does not compile.
 *
 *      const char *        text; NULL = absent; "" = null was given (NULLABLE only)
 *      bool                boolean
 *      int64_t             integer
 *      struct maybe        integer or null/absent
 *      struct texts        list of text
 *      struct list         list of records          (LIST_FIELD)
 *      struct X *          nested record, NULL = absent   (NESTED_FIELD)
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

#include "common/scope.h"

struct maybe {
    bool known;
    int64_t value;
};

struct texts {
    const char *const *items;
    size_t count;
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
    KIND_TEXTS,
    KIND_LIST,
    KIND_NESTED,
};

/* What a text must look like, beyond well-formed UTF-8 without control characters (C0 but \n and
 * \t, DEL, C1) and noncharacters, which holds for every text. */
enum format {
    FORMAT_ANY,
    FORMAT_UUID,         /* lower-case, 36 characters */
    FORMAT_DATE,         /* YYYY-MM-DD, a day of the calendar */
    FORMAT_TIME,         /* RFC 3339 with zone */
    FORMAT_CODE,         /* ^[A-Za-z0-9_.-]{1,64}$ */
    FORMAT_MUNICIPALITY, /* ^[0-9]{4}$ */
    FORMAT_POSTAL_CODE,  /* ^[0-9]{4}$ */
    FORMAT_PHONE,        /* ^\+?[0-9 ]{5,20}$ */
    FORMAT_EMAIL,        /* as HTML's input type=email, at most 254 */
    FORMAT_NATIONAL_ID,  /* 11 digits; the checksum is the application's own check */
    FORMAT_ORGANISATION, /* 9 digits; the checksum likewise */
    FORMAT_CLOCK,        /* HH:MM, 00:00 to 23:59 */
    FORMAT_COLOUR,       /* ^#[0-9a-f]{6}$ */
    FORMAT_WEB,          /* http:// or https://, a host, no blanks, at most 200 */
    FORMAT_COUNT,
};

enum field_flag {
    OPTIONAL = 1 << 0, /* may be left out */
    NULLABLE = 1 << 1, /* may be null (implies nothing about leaving it out) */
    PERSONAL = 1 << 2, /* tells who someone is or what they wrote: never to a log or an event */
    UNIQUE = 1 << 3,   /* a list of text without repeats */
    TRUE_ONLY = 1 << 4, /* a boolean that must be true */
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
    const char *summary;        /* one English line for the OpenAPI document, or NULL */
    const char *example;        /* JSON text of an example value, or NULL */
};

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

#define FIELD_KIND(type, member)                                                               \
    _Generic(((type *)0)->member,                                                              \
        const char *: KIND_TEXT,                                                               \
        bool: KIND_BOOL,                                                                       \
        int64_t: KIND_INTEGER,                                                                 \
        struct maybe: KIND_MAYBE,                                                              \
        struct texts: KIND_TEXTS)

/* FIELD(struct receipt, reference, .max = 10), further members as designated initialisers. */
#define FIELD(type, member, ...)                                                               \
    {                                                                                          \
        .name = #member, .kind = FIELD_KIND(type, member),                                     \
        .offset = offsetof(type, member), __VA_ARGS__                                          \
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

/* The field at the pointer, "/submitter/role"; NULL if there is none. Items of lists are none. */
const struct field *record_field(const struct record *record, const char *pointer);

/* Runs the record's checks on what was decoded; faults are collected in the scope. */
void record_check(struct scope *s, const struct record *record, const void *document);

/* Compact JSON of the struct, NUL-terminated, in the scope's arena. Absent OPTIONAL members are
 * left out; absent NULLABLE ones are null. */
char *record_to_json(struct scope *s, const struct record *record, const void *in);

/* The same with every PERSONAL member as "***": what may be shown to whoever may not know who it is. */
char *record_to_masked_json(struct scope *s, const struct record *record, const void *in);

/* The JSON Schema (2020-12) of the record; nested records are {"$ref": refs + name}. The caller
 * owns the result (json_decref). */
json_t *record_schema(const struct record *record, enum strictness strictness,
                      const char *refs);

/* An example document of the record from the fields' examples. The caller owns the result. */
json_t *record_example(const struct record *record);

/* Checks for texts alone, used by the form as well. All take NUL-terminated UTF-8. */
bool text_well_formed(const char *text, size_t length); /* UTF-8, no control, no nonchar */
size_t text_characters(const char *text);                 /* code points */
size_t text_visible(const char *text);                    /* those of them that can be seen */
bool text_blank(const char *text);                        /* NULL, or nothing can be seen */
int text_hex(char c); /* 0 to 15, -1 for what is no digit of base 16 */
bool text_has_format(const char *text, enum format format);
/* The next code point of the text, which moves past it; -1 if it is ill-formed. At its end, 0. */
int32_t text_next(const char **text);
/* Writes the code point as UTF-8. */
void text_put(struct buffer *b, int32_t point);

/* How a code point shows. */
enum showing {
    SHOWS_ITSELF,
    SHOWS_BLANK,   /* white space, and what looks like it */
    SHOWS_JOINED, /* not seen, but what stands beside it looks otherwise: ZWJ in emoji, ZWNJ in Persian */
    SHOWS_NOTHING, /* not seen at all: direction marks, zero-width space, controls, noncharacters */
};
enum showing text_showing(int32_t point);
/* The sign of ASCII that is meant where a number or an address is typed: dashes, quotes, full-width signs,
 * digits of other scripts. Any other point as it is. */
int32_t text_ascii(int32_t point);

/* Whether two texts read the same: canonically equivalent, as "é" and "e" with its accent are. NULL is
 * like nothing but NULL. */
bool text_same(struct arena *a, const char *one, const char *other);
/* The form in which texts that read the same are the same bytes; for comparing, not for keeping. The
 * text itself if it is so, or ill-formed; NULL of NULL. */
const char *text_canonical(struct arena *a, const char *text);

/* Whether a list with that character between its items has the item; of no list (NULL) and for no
 * item it has not. */
bool text_lists(const char *list, char between, const char *item);

#endif
