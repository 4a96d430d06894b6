/* SPDX-License-Identifier: EUPL-1.2 */
/* The form as the template wants it: texts, what was filled in, and what was wrong with it. */
#include "services/api/form/view.h"

#include <string.h>

#include "common/http/pairs.h"
#include "common/record/check.h"
#include "common/words/catalogue.h"
#include "services/api/application/application.h"
#include "services/api/form/table.h"
#include "services/api/page/texts.h"
#include "services/api/tenants/municipality.h"

struct making {
    struct scope *s;
    const struct pairs *fields;
};

/* What an id may hold: "submitter/name" -> "submitter-name". */
static const char *id_of(struct making *m, const char *name)
{
    char *id = arena_strdup(m->s->arena, name);
    for (char *c = id; *c; c++)
        if (*c == '/')
            *c = '-';
    return id;
}

static const char *question_text(struct making *m, const char *name, const char *suffix)
{
    return text_of(arena_printf(m->s->arena, "q.%s%s", name, suffix));
}

/* Whether the fault is the question's: at its pointer or below ("/services/3"). */
static bool is_of(const struct field_error *e, const char *name)
{
    size_t length = strlen(name);
    return *e->pointer && strncmp(e->pointer + 1, name, length) == 0 &&
           (e->pointer[1 + length] == '\0' || e->pointer[1 + length] == '/');
}

static const struct field_error *error_of(const struct making *m, const char *name)
{
    for (const struct field_error *e = m->s->errors; e; e = e->next)
        if (is_of(e, name))
            return e;
    return NULL;
}

/* What is said of such a fault: of this question, else of what is asked for, else of
 * any. */
static const char *pattern_of(struct making *m, const char *name, const struct question *q,
                              enum fault fault)
{
    static const char *const kinds[ASK_TRUE + 1] = { [ASK_PHONE] = "phone",
                                                     [ASK_NUMBER] = "number",
                                                     [ASK_EMAIL] = "email",
                                                     [ASK_DATE] = "date" };
    struct arena *a = m->s->arena;
    const char *code = fault_name(fault);
    const char *keys[] = { arena_printf(a, "error.%s.%s", name, code),
                           arena_printf(a, "error.%s", name),
                           q && kinds[q->ask] ? arena_printf(a, "error.%s.%s", kinds[q->ask], code) : NULL,
                           q && q->choices ? "error.choice" : NULL,
                           arena_printf(a, "error.%s", code), "error.other" };
    const char *words = NULL;
    for (size_t i = 0; !words && i < sizeof(keys) / sizeof(*keys); i++)
        words = keys[i] ? text_of(keys[i]) : NULL;
    return words;
}

/* "Fyll ut: Navnet ditt", {} is the question, {max} how long it may be. */
static const char *error_words(struct making *m, const char *name, const struct question *q,
                               enum fault fault)
{
    const struct field *f =
        record_field(&application_record, arena_printf(m->s->arena, "/%s", name));
    struct buffer b = buffer_new(m->s->arena);
    for (const char *at = pattern_of(m, name, q, fault); *at; at++) {
        if (strncmp(at, "{}", 2) == 0) {
            buffer_text(&b, question_text(m, name, ""));
            at += 1;
        } else if (strncmp(at, "{max}", 5) == 0) {
            buffer_printf(&b, "%u", f ? f->max : 0);
            at += 4;
        } else {
            buffer_char(&b, *at);
        }
    }
    return b.text;
}

static bool ticked(const struct making *m, const char *name, const char *code)
{
    for (size_t i = 0; i < m->fields->count; i++)
        if (strcmp(m->fields->items[i].name, name) == 0 &&
            strcmp(m->fields->items[i].value, code) == 0)
            return true;
    return false;
}

static json_t *option_view(struct making *m, const struct question *q, const char *code)
{
    bool many = q->ask == ASK_MANY || q->ask == ASK_TRUE;
    const struct service *service =
        strcmp(q->name, "services") == 0 ? service_find(code) : NULL;
    const char *text = service ? service->nb
                               : question_text(m, q->name, arena_printf(m->s->arena, ".%s", code));
    return json_pack("{s: s, s: s, s: s+++, s: s, s: s, s: o, s: b}", "type",
                     many ? "checkbox" : "radio", "name", q->name, "option_id",
                     id_of(m, q->name), "-", code, "", "code", code, "text", text, "about",
                     text_or_null(service ? service->about : NULL), "checked",
                     ticked(m, q->name, code));
}

static json_t *options_view(struct making *m, const struct question *q)
{
    json_t *options = json_array();
    for (const char *const *code = q->choices; *code; code++)
        json_array_append_new(options, option_view(m, q, *code));
    return options;
}

static const char *input_type(enum ask ask)
{
    switch (ask) {
    case ASK_PHONE:
        return "tel";
    case ASK_EMAIL:
        return "email";
    case ASK_DATE:
        return "date";
    default:
        return "text";
    }
}

static const char *described_by(struct making *m, const char *id, bool hint, bool error)
{
    if (!hint && !error)
        return NULL;
    return arena_printf(m->s->arena, "%s%s%s%s%s", hint ? id : "", hint ? "-hint" : "",
                        hint && error ? " " : "", error ? id : "", error ? "-error" : "");
}

static json_t *question_view(struct making *m, const struct question *q)
{
    const char *id = id_of(m, q->name), *hint = question_text(m, q->name, ".hint");
    const struct field_error *e = error_of(m, q->name);
    const char *error = e ? error_words(m, q->name, q, e->fault) : NULL;
    const char *value = pairs_get(m->fields, q->name);
    json_t *view = json_pack(
        "{s: s, s: s, s: s, s: o, s: o, s: o, s: b, s: b, s: b, s: b, s: s, s: s, s: o}", "id", id,
        "name", q->name, "label", question_text(m, q->name, ""), "hint", text_or_null(hint), "error",
        text_or_null(error), "described", text_or_null(described_by(m, id, hint, error)), "single",
        !q->choices, "choices", q->choices != NULL, "long", q->ask == ASK_LONG, "short",
        q->ask == ASK_NUMBER || q->ask == ASK_PHONE || q->ask == ASK_DATE, "type",
        input_type(q->ask), "value", value ? value : "", "autocomplete",
        text_or_null(q->autocomplete));
    if (q->choices)
        json_object_set_new(view, "options", options_view(m, q));
    return view;
}

/* Where the summary's link leads: the field, or the first of its choices. */
static const char *target_of(struct making *m, const struct question *q)
{
    const char *id = id_of(m, q->name);
    return q->choices ? arena_printf(m->s->arena, "%s-%s", id, q->choices[0]) : id;
}

static void add_line(json_t *errors, const char *target, const char *text)
{
    json_array_append_new(errors, json_pack("{s: s, s: s}", "target", target, "text", text));
}

static const char *title_of(const char *part)
{
    return text_for("part_", part);
}

static json_t *part_view(struct making *m, const struct form_part *part, json_t *errors)
{
    json_t *questions = json_array();
    for (const struct question *q = part->questions; q->name; q++) {
        const struct field_error *e = error_of(m, q->name);
        if (question_answered(m->s, q))
            continue;
        json_array_append_new(questions, question_view(m, q));
        if (e)
            add_line(errors, target_of(m, q), error_words(m, q->name, q, e->fault));
    }
    const char *lead = arena_printf(m->s->arena, "part_%s_lead", part->name);
    return json_pack("{s: s, s: s, s: o, s: b, s: o}", "part", part->name, "title",
                     title_of(part->name), "lead", text_or_null(text_of(lead)),
                     "first", part == form_parts, "questions", questions);
}

/* The question that a fault is next to: its own, else the first of what it stands in or beside; the
 * first of all for what is beside none. */
static const struct question *nearest(const struct making *m, const struct field_error *e,
                                      const char **part, bool *own)
{
    size_t length = *e->pointer ? strcspn(e->pointer + 1, "/") : 0;
    const struct question *beside = NULL;
    *own = false;
    for (const struct form_part *p = form_parts; p->name; p++)
        for (const struct question *q = p->questions; q->name; q++) {
            if (question_answered(m->s, q))
                continue;
            *own = is_of(e, q->name);
            bool near = length && strncmp(q->name, e->pointer + 1, length) == 0 && q->name[length] == '/';
            if (*own || (near && !beside)) {
                beside = q;
                *part = p->name;
            }
            if (*own)
                return q;
        }
    return beside;
}

/* A fault that is no question's is one of the part it stands in, or of the form. */
static void add_rest(struct making *m, bool several, json_t *errors)
{
    for (const struct field_error *e = m->s->errors; e; e = e->next) {
        const char *part = "";
        bool own;
        const struct question *q = nearest(m, e, &part, &own);
        if (own || (several && is_of(e, "municipality")))
            continue;
        add_line(errors, target_of(m, q ? q : form_parts->questions),
                 q ? arena_printf(m->s->arena, "%s: %s", text_of("error.part"), title_of(part))
                   : text_of("error.form"));
    }
}

/* One municipality is a matter of course; of several one is chosen. */
static json_t *municipality_view(struct making *m)
{
    json_t *all = json_array();
    struct municipalities offered = municipalities_offered(m->s);
    const char *chosen = pairs_get(m->fields, "municipality");
    for (size_t i = 0; i < offered.count; i++) {
        const struct municipality *one = &offered.items[i];
        json_array_append_new(
            all, json_pack("{s: s, s: s, s: o, s: o, s: o, s: b}", "number", one->number, "name",
                           one->name, "its_phone", text_or_null(one->phone), "its_address",
                           text_or_null(one->address), "its_web", text_or_null(one->web), "checked",
                           chosen && strcmp(chosen, one->number) == 0));
    }
    return all;
}

/* The choice of a municipality is no question of the table: what was wrong with it comes first. */
static const char *municipality_error(struct making *m, bool several, json_t *errors)
{
    static const char name[] = "municipality";
    const struct field_error *e = several ? error_of(m, name) : NULL;
    const char *words = e ? error_words(m, name, NULL, e->fault) : NULL;
    if (words)
        json_array_insert_new(errors, 0, json_pack("{s: s, s: s}", "target", name, "text", words));
    return words;
}

json_t *form_view(struct scope *s, const struct pairs *fields, const char *key)
{
    struct making m = { .s = s, .fields = fields };
    json_t *parts = json_array(), *errors = json_array();
    for (const struct form_part *part = form_parts; part->name; part++)
        json_array_append_new(parts, part_view(&m, part, errors));
    json_t *municipalities = municipality_view(&m);
    bool several = json_array_size(municipalities) > 1;
    const char *error = municipality_error(&m, several, errors);
    add_rest(&m, several, errors);
    const char *chosen = pairs_get(fields, "municipality");
    return json_pack("{s: s, s: o, s: o, s: b, s: o, s: o, s: b, s: o}", "key", key,
                     "parts", parts, "errors", errors, "has_errors", json_array_size(errors) > 0,
                     "municipality", text_or_null(chosen), "municipalities", municipalities, "several",
                     several, "municipality_error", text_or_null(error));
}
