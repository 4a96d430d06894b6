/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A trial's synthetic people, whom anyone may be: the page that names them, and the page on
 * which the trial's issuer logs them in. One table makes both, so that who can be tried can
 * be logged in.
 */
#include "services/api/login/prov.h"

#include <stdio.h>
#include <string.h>

#include "common/page/template.h"
#include "services/api/page/assets.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* clang-format off */
static const struct synthetic {
    const char *code;   /* what the address says; its text is prov_<code> */
    const char *name;
    const char *number; /* national id, month + 80; NULL = the issuer names none */
    const char *level;  /* acr, of a citizen; NULL = staff */
    const char *role;   /* of staff, as their issuer calls it */
    const char *unit;
} people[] = {
    { "kari",  "Kari Prøve",      "17834006863", "idporten-loa-high",        NULL, NULL },
    { "ola",   "Ola Eksempel",    "05902813022", "idporten-loa-high",        NULL, NULL },
    { "aud",   "Aud Testdal",     "08908906609", "idporten-loa-high",        NULL, NULL },
    { "jens",  "Jens Mønster",    "28813104360", "idporten-loa-substantial", NULL, NULL },
    { "odd",   "Odd Prøvestad",   NULL,          NULL, "tillit-saksbehandler", "Tjenestekontoret" },
    { "synne", "Synne Testberg",  NULL,          NULL, "tillit-teamleder",     "Hjemmetjenesten" },
    { "liv",   "Liv Mønster",     NULL,          NULL, "tillit-team",          "Hjemmetjenesten" },
    { "pia",   "Pia Prøve",       NULL,          NULL, "tillit-personvern",    "Rådmannens stab" },
    { "dag",   "Dag Eksempel",    NULL,          NULL, "tillit-drift",         "IKT" },
    { "grete", "Grete Testdal",   NULL,          NULL, "tillit-gevinst",       "Helse og omsorg" },
    { "arne",  "Arne Demo",       NULL,          NULL, "tillit-administrator", "Digitalisering" },
    { "nils",  "Nils Demo",       NULL,          NULL, "vaktmester",           "Eiendom" },
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
    json_t *claims =
        person->level
            ? json_pack("{s: s, s: s, s: s, s: s}", "pid", person->number, "name", person->name, "acr",
                        person->level, "sid", person->code)
            : json_pack("{s: s, s: s, s: s, s: [s]}", "name", person->name, "department",
                        person->unit, "sid", person->code, "roles", person->role);
    char *text = json_dumps(claims, JSON_COMPACT);
    json_t *out = json_string(text);
    json_decref(claims);
    arena_release_foreign(text);
    return out;
}

/* Citizens, or staff. */
static json_t *people_view(bool staff)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++) {
        const char *about =
            text_for("prov_", people[i].code);
        if (staff != (people[i].level == NULL))
            continue;
        json_array_append_new(
            list, json_pack("{s: s, s: s, s: s, s: s, s: o}", "code", people[i].code, "name",
                            people[i].name, "number", people[i].number ? people[i].number : "",
                            "about", about, "claims", claims_of(&people[i])));
    }
    return list;
}

enum problem prov_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    const struct settings *set = &s->program->settings;
    if (!set->synthetic)
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    json_t *view = json_pack("{s: o, s: o, s: s, s: s*}", "people", people_view(false), "staff_people",
                             people_view(true), "internal", set->internal_url, "system_issuer", set->system_issuer);
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
    json_t *view = json_pack("{s: o, s: o}", "people", people_view(false), "staff_people", people_view(true));
    enum problem p = template_render(&s, text, &(struct view){ .json = view }, ESCAPE_HTML, &(struct template_parts){ .word = text_of }, &html);
    if (!p)
        fputs(html, stdout);
    json_decref(view);
    arena_free(s.arena);
    return p ? 1 : 0;
}
