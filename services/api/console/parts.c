/* SPDX-License-Identifier: EUPL-1.2 */
/* Who takes part in a case, as staff see it, and the end of a part that somebody has for another. */
#include "services/api/console/parts.h"

#include <string.h>

#include "common/who/access.h"
#include "services/api/case/standing.h"
#include "services/api/console/console.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* "sendte søknaden, får brevene" */
static const char *held(struct scope *s, const struct result *r, int row)
{
    struct buffer b = buffer_new(s->arena);
    struct texts parts = result_texts(s, r, row, "parts");
    for (size_t i = 0; i < parts.count; i++)
        buffer_printf(&b, "%s%s", i ? ", " : "", coded_text("takes_", parts.items[i]));
    return b.text;
}

static const char *day_of(struct scope *s, const struct result *r, int row, const char *column)
{
    int64_t at = result_time(r, row, column);
    return at ? date_words(s->arena, oslo_date(at)) : NULL;
}

/* Everyone's name is that which the application says: who acts for another is who sent it. */
static json_t *part_view(struct scope *s, const struct case_names *names,
                         const struct result *r, int row)
{
    const char *role = result_text(r, row, "role"), *basis = result_text(r, row, "basis"),
               *why = result_text(r, row, "ended_why"), *until = day_of(s, r, row, "until"),
               *name = role ? names->submitter : names->applicant;
    return json_pack(
        "{s: I, s: s, s: s, s: o, s: s, s: s, s: o, s: o, s: o, s: b}", "n",
        (json_int_t)result_integer(r, row, "n"), "name", name ? name : "–", "role",
        role ? coded_text("part_", role) : text_of("part_is_theirs"), "basis",
        text_or_null(basis ? coded_text("basis_", basis) : NULL), "held",
        held(s, r, row), "since", day_of(s, r, row, "since"), "until", text_or_null(until),
        "why", text_or_null(why ? coded_text("ended_", why) : NULL), "by",
        text_or_null(result_text(r, row, "ended_by")), "may_end", result_flag(r, row, "may_end"));
}

enum problem parts_view(struct scope *s, const char *case_id,
                        const struct case_names *names, json_t **out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_parts, &r, param_text(case_id)));
    *out = json_array();
    for (int i = 0; i < r.count; i++)
        json_array_append_new(*out, part_view(s, names, &r, i));
    return OK;
}

json_t *choices_view(const char *kind, const char *const *codes)
{
    json_t *list = json_array();
    for (; *codes; codes++)
        json_array_append_new(list, json_pack("{s: s, s: s}", "code", *codes, "text",
                                              coded_text(kind, *codes)));
    return list;
}

json_t *ends_view(void)
{
    return choices_view("ended_", part_end_codes);
}

enum problem part_end_form(struct scope *s, const struct request *request, struct reply *reply)
{
    struct case_standing at;
    struct result r;
    const char *why = pairs_get(&request->form, "why"),
               *back = arena_printf(s->arena, "/saker/%s", request->id);
    TRY(console_find(s, request->id, &at, reply));
    if (at.standing != INSIDE || at.emergency)
        return scope_fail(s, PROBLEM_FORBIDDEN, "the case is not open to them");
    console_say_why(s, at.reason, at.words);
    if (code_index(part_end_codes, why) < 0) {
        access_note_search(s, ACCESS_OF_PART, request->id);
        return page_message(s, "end_wrong", 400, back, "back_to_case", &reply->http);
    }
    TRY(DB_RUN(s, &sql_part_end, &r, param_text(request->id), param_integer(s, request->n),
               param_time(s, s->now), param_text(s->who->staff_id), param_text(why)));
    if (!result_flag(&r, 0, "known"))
        return console_missing(s, reply);
    /* What had ended before is not said to end again. */
    access_note(s, &(struct access){ result_integer(&r, 0, "ended") ? ACCESS_WRITE : ACCESS_READ,
                                     ACCESS_OF_PART, at.municipality, request->id });
    reply->http.location = back;
    return OK;
}
