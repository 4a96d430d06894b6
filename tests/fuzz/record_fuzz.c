/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a document: refused, or what was read can be written and read again as a strict body. */
#include <stdlib.h>
#include <string.h>

#include "common/record/encode.h"
#include "common/record/record.h"
#include "tests/fuzz/scope.h"

struct node {
    const char *name, *mail;
    struct maybe level;
    bool sure;
    struct texts words;
    struct list nodes;
};
static const struct record node;
static const struct field fields[] = {
    FIELD(struct node, name, .max = 5, .flags = OPTIONAL | NULLABLE),
    FIELD(struct node, mail, .format = FORMAT_EMAIL, .flags = OPTIONAL),
    FIELD(struct node, level, .flags = OPTIONAL), FIELD(struct node, sure),
    FIELD(struct node, words, .flags = OPTIONAL | UNIQUE, .format = FORMAT_DATE, .max_items = 3),
    LIST_FIELD(struct node, nodes, &node, .flags = OPTIONAL), { 0 },
};
static const struct record node = { .name = "node", .size = sizeof(struct node), .fields = fields };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = { .arena = arena_new() };
    struct node in = { 0 }, again = { 0 };
    if (record_from_json(&s, &node, RECORD_EVENT, (const char *)data, size, &in) == OK) {
        const char *json = record_to_json(&s, &node, &in);
        if (record_from_json(&s, &node, RECORD_BODY, json, strlen(json), &again))
            abort();
    }
    arena_free(s.arena);
    return 0;
}
