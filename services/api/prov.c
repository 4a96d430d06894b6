/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A trial's synthetic people, whom anyone may be: the page that names them, and the page on
 * which the trial's issuer logs them in. One table makes both, so that who can be tried can
 * be logged in.
 */
#include "services/api/prov.h"

#include <stdio.h>
#include <string.h>

#include "common/template.h"
#include "services/api/assets.h"
#include "services/api/handlers.h"
#include "services/api/state.h"
#include "services/api/texts.h"

/* clang-format off */
static const struct synthetic {
    const char *code;   /* what the address says; its text is prov_<code> */
    const char *name;
    const char *number; /* national id, month + 80 */
    const char *level;  /* acr */
} people[] = {
    { "kari", "Kari Prøve",   "17834006863", "idporten-loa-high" },
    { "ola",  "Ola Eksempel", "05902813022", "idporten-loa-high" },
    { "aud",  "Aud Testdal",  "08908906609", "idporten-loa-high" },
    { "jens", "Jens Mønster", "28813104360", "idporten-loa-substantial" },
};
/* clang-format on */

bool synthetic_known(const char *code)
{
    for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
        if (strcmp(people[i].code, code) == 0)
            return true;
    return false;
}

/* What the trial's issuer says of them. */
static json_t *claims_of(const struct synthetic *person)
{
    json_t *claims = json_pack("{s: s, s: s, s: s}", "pid", person->number, "acr",
                               person->level, "sid", person->code);
    char *text = json_dumps(claims, JSON_COMPACT);
    json_t *out = json_string(text);
    json_decref(claims);
    arena_release_foreign(text);
    return out;
}

static json_t *people_view(struct scope *s)
{
    json_t *list = json_array(), *catalogue = texts(s);
    for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++) {
        const char *about =
            text_of(catalogue, arena_printf(s->arena, "prov_%s", people[i].code));
        json_array_append_new(list, json_pack("{s: s, s: s, s: s, s: s, s: o}", "code",
                                              people[i].code, "name", people[i].name,
                                              "number", people[i].number, "about", about,
                                              "claims", claims_of(&people[i])));
    }
    return list;
}

enum problem prov_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    const struct settings *set = &s->program->settings;
    if (!set->synthetic || !citizens_of(s))
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    json_t *view = json_pack("{s: o, s: s, s: s*}", "people", people_view(s), "internal",
                             set->internal_address, "system_issuer", set->system_issuer);
    if (!set->system_issuer)
        json_object_set_new(view, "system_issuer", json_null());
    return page_render(s, "prov", "prov_title", NULL, view, &reply->http);
}

int prov_print(struct program *program, const char *argument)
{
    (void)program;
    (void)argument;
    char *html = NULL;
    struct scope s = { .arena = arena_new() };
    const char *text = (const char *)asset_find(api_assets, "templates/issuer.html")->start;
    json_t *view = json_pack("{s: o, s: O}", "people", people_view(&s), "t", texts(&s));
    enum problem p = template_render(&s, text, view, ESCAPE_HTML, NULL, NULL, &html);
    if (!p)
        fputs(html, stdout);
    json_decref(view);
    arena_free(s.arena);
    return p ? 1 : 0;
}
