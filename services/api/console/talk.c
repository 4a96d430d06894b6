/* SPDX-License-Identifier: EUPL-1.2 */
/* A talk that staff register by the case page's form: the same record and If-Match as by the API. Its key is what
 * it says: who goes back and saves again has held no second talk. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/record/encode.h"
#include "common/seal/seal.h"
#include "services/api/case/view.h"
#include "services/api/console/console.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* When summer time ends an hour comes twice: then the later is meant, as soon as that has been. */
static int64_t nearest_before_now(struct scope *s, int64_t instant, const char *text)
{
    int64_t again = instant + INT64_C(3600) * SECOND_US;
    return again <= s->now && strcmp(local_time(s, again), text) == 0 ? again : instant;
}

/* The instant of a local time; what is no such time stays as it is, and is refused as such. */
static const char *instant_of_local(struct scope *s, const char *text)
{
    int hour, minute;
    char end;
    struct date day;
    if (!text || strlen(text) != LOCAL_LENGTH || text[10] != 'T' ||
        !date_parse(arena_strndup(s->arena, text, 10), &day) ||
        sscanf(text + 11, "%2d:%2d%c", &hour, &minute, &end) != 2 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59)
        return text;
    return instant_rfc3339(s->arena, nearest_before_now(s, oslo_instant(day, hour, minute), text));
}

/* The form's fields as the document that the API takes. */
static json_t *contact_document(struct scope *s, const struct pairs *form)
{
    const char *kind = pairs_get(form, "kind"), *at = instant_of_local(s, pairs_get(form, "at"));
    json_t *with = json_array();
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->items[i].name, "with") == 0)
            json_array_append_new(with, json_string(form->items[i].value));
    json_t *document =
        json_pack("{s: o, s: b}", "with", with, "two_way", pairs_get(form, "two_way") != NULL);
    if (kind)
        json_object_set_new(document, "kind", json_string(kind));
    if (!text_blank(at))
        json_object_set_new(document, "at", json_string(at));
    return arena_value(s->arena, document);
}

/* Told apart by all that is said of it, sealed as keys' requests are. */
static enum problem key_of(struct scope *s, const char *said, const char **key)
{
    struct bytes digest;
    TRY(seal_request_hash(s, said, strlen(said), &digest));
    char *hex = arena_alloc(s->arena, 2 * digest.length + 1);
    *key = sodium_bin2hex(hex, 2 * digest.length + 1, digest.data, digest.length);
    return OK;
}

static enum problem register_talk(struct scope *s, const struct request *request)
{
    struct contact_body body = { 0 };
    struct reply unused = { 0 };
    struct request as = *request;
    struct http_request http = *request->http;
    const char *seq = pairs_get(&request->form, "seq");
    TRY(console_inside(s, request->id));
    TRY(record_from_value(s, &contact_record, RECORD_BODY, contact_document(s, &request->form), &body));
    http.body = arena_printf(s->arena, "%s\n%s", request->id, record_to_json(s, &contact_record, &body));
    http.body_length = strlen(http.body);
    as.http = &http;
    as.document = &body;
    as.match = seq ? arena_printf(s->arena, "\"%s\"", seq) : NULL;
    TRY(key_of(s, http.body, &as.key));
    return contact_register(s, &as, &unused);
}

/* What the talk's form says instead of the case. */
static const struct {
    enum problem problem;
    const char *page;
} talk_pages[] = {
    { PROBLEM_MALFORMED, "talk_wrong" },
    { PROBLEM_CHANGED, "talk_changed" },
    { PROBLEM_WRONG_STATUS, "talk_late" },
};

enum problem talk_form(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *back = arena_printf(s->arena, "/saker/%s", request->id);
    enum problem p = register_talk(s, request);
    if (p == PROBLEM_NOT_FOUND)
        return console_missing(s, reply);
    for (size_t i = 0; i < sizeof(talk_pages) / sizeof(*talk_pages); i++)
        if (p == talk_pages[i].problem) {
            TRY(page_message(s, talk_pages[i].page, problem_status(p), back, "back_to_case", &reply->http));
            return p;
        }
    reply->http.location = back;
    return p;
}
