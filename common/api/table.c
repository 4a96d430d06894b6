/* SPDX-License-Identifier: EUPL-1.2 */
/* A line is written column by column, in the order of their names in the first. */
#include "common/api/table.h"

static void add_word(struct buffer *b, const char *word)
{
    buffer_printf(b, "%s%s", b->length ? "," : "", word);
}

static const char *roles_of(struct scope *s, const struct route *route)
{
    struct buffer b = buffer_new(s->arena);
    struct texts names = role_names(s, route->role);
    for (size_t i = 0; i < names.count; i++)
        add_word(&b, names.items[i]);
    return names.count ? b.text : "anyone";
}

static const char *needs_of(struct scope *s, const struct route *route)
{
    struct buffer b = buffer_new(s->arena);
#define NEED(name, bit, meaning) if (route->needs & NEEDS_##name) add_word(&b, #name);
#include "common/api/needs.def"
#undef NEED
    return b.text;
}

static const char *query_of(struct scope *s, const struct route *route)
{
    struct buffer b = buffer_new(s->arena);
    for (const char *const *name = route->query; name && *name; name++)
        add_word(&b, *name);
    return b.text;
}

static const char *told(const char *text)
{
    return text ? text : "";
}

bool routes_print(FILE *out, const struct route *routes)
{
    struct scope s = { .arena = arena_new() };
    fprintf(out, "listener\tmethod\tpath\thandler\troles\tscope\tneeds\tbody\tanswer\tsuccess\tsummary\tquery\tword\n");
    for (const struct route *r = routes; r->path; r++)
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", r->listener == PUBLIC ? "PUBLIC" : "INTERNAL",
                method_name(r->method), r->path, r->name, roles_of(&s, r), told(r->scope), needs_of(&s, r),
                r->body ? r->body->name : "", r->answer ? r->answer->name : "", r->success, told(r->summary),
                query_of(&s, r), told(r->word));
    arena_free(s.arena);
    return !ferror(out);
}
