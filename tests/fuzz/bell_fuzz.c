/* SPDX-License-Identifier: EUPL-1.2 */
/* Any headers as a record's: a name (one of ours by its number, or the bytes), a length (255: no value) and a value, again and
 * again. What is read is in our own form: it can be written as we write it, and is read the same again. */
#include <stdlib.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/event/event.h"
#include "common/kafka/kafka.h"
#include "tests/fuzz/scope.h"

static const char *const names[] = { "ce_type", "ce_subject", "ce_caseseq", "ce_time", "ce_id", "content-type", "traceparent", "x" };

/* One header's bytes; how many were taken. */
static size_t add(rd_kafka_headers_t *headers, const uint8_t *data, size_t size)
{
    size_t length = size > 1 && data[1] != 255 ? data[1] : 0;
    if (length > size - (size > 1 ? 2 : 1))
        length = size - (size > 1 ? 2 : 1);
    bool none = size > 1 && data[1] == 255;
    const uint8_t *value = size > 1 ? data + 2 : data;
    rd_kafka_header_add(headers, names[data[0] % 8], -1, none ? NULL : value, none ? 0 : (ssize_t)length);
    return (size > 1 ? 2 : 1) + length;
}

static void check(struct scope *s, const struct bell *bell)
{
    struct bell again = { 0 };
    const struct event event = { .case_id = bell->case_id, .case_seq = bell->n, .type_name = bell->type, .occurred_at = bell->at };
    if (bell->n < 0 || bell->n > INT32_MAX || (bell->type && (!*bell->type || strlen(bell->type) > 200)))
        abort();
    if (!bell->case_id || !bell->type || !bell->n || !bell->at)
        return;
    if (strcmp(bell->case_id, uuid_canonical(s->arena, bell->case_id)) != 0 || strpbrk(bell->case_id, "ABCDEF"))
        abort();
    rd_kafka_headers_t *headers = event_headers(s, &event, "tillit/test");
    bell_read_headers(s, headers, &again);
    rd_kafka_headers_destroy(headers);
    if (strcmp(again.case_id, bell->case_id) != 0 || strcmp(again.type, bell->type) != 0 || again.n != bell->n || again.at / 1000 != bell->at / 1000)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = { .arena = arena_new() };
    struct bell bell = { 0 };
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    for (size_t at = 0; at < size;)
        at += add(headers, data + at, size - at);
    bell_read_headers(&s, headers, &bell);
    check(&s, &bell);
    rd_kafka_headers_destroy(headers);
    arena_free(s.arena);
    return 0;
}
