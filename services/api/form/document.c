/* SPDX-License-Identifier: EUPL-1.2 */
/* From what a browser sends to the document that the API takes: the same record checks both. */
#include "services/api/form/document.h"

#include <string.h>

#include "common/base/text.h"
#include "common/http/pairs.h"
#include "common/who/who.h"
#include "services/api/form/clean.h"

/* Sets the member at "a/b/c", making the objects on the way; takes value over. */
static void set_at(json_t *document, const char *path, json_t *value)
{
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        json_t *inner = json_object_getn(document, path, (size_t)(slash - path));
        if (!inner) {
            inner = json_object();
            json_object_setn_new(document, path, (size_t)(slash - path), inner);
        }
        document = inner;
    }
    json_object_set_new(document, path, value);
}

static json_t *all_of(const struct pairs *fields, const char *name)
{
    json_t *list = json_array();
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0)
            json_array_append_new(list, json_string(fields->items[i].value));
    return list;
}

static json_t *value_of(struct scope *s, const struct question *q, const struct pairs *fields,
                        const char *text)
{
    switch (q->ask) {
    case ASK_MANY:
        return all_of(fields, q->name);
    case ASK_YES_NO:
        if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)
            return json_boolean(strcmp(text, "yes") == 0);
        return json_string(text); /* the record says that it is none */
    case ASK_TRUE:
        return json_boolean(strcmp(text, "true") == 0);
    default:
        return json_string(form_clean(s, q->ask, text));
    }
}

/* Where the help is for another there is an applicant, whatever is known of them: one without a number
 * has none. */
static void say_no_number(json_t *document)
{
    json_t *applicant = json_object_get(document, "applicant");
    if (!json_object_get(applicant, "national_id"))
        set_at(document, "applicant/national_id", json_null());
}

json_t *form_document(struct scope *s, const struct pairs *fields)
{
    static const char *const hidden[] = { "municipality", "language", NULL };
    json_t *document = json_object();
    for (const char *const *name = hidden; *name; name++)
        if (!text_blank(pairs_get(fields, *name)))
            set_at(document, *name, json_string(pairs_get(fields, *name)));
    set_at(document, "submitter", json_object());
    const char *role = pairs_get(fields, "submitter/role");
    bool oneself = role && strcmp(role, "self") == 0;
    for (const struct form_part *part = form_parts; part->name; part++)
        for (const struct question *q = part->questions; q->name; q++) {
            const char *text = pairs_get(fields, q->name);
            if (question_answered(s, q))
                set_at(document, q->name, json_string(s->who->person));
            else if (!text_blank(text) && !(q->other && oneself))
                set_at(document, q->name, value_of(s, q, fields, text));
        }
    if (!json_object_get(document, "confirmed"))
        set_at(document, "confirmed", json_false());
    if (!text_blank(role) && !oneself)
        say_no_number(document);
    return document;
}
