/* SPDX-License-Identifier: EUPL-1.2 */
/* The teams' agendas, page by page, and the indicators of a period. */
#include <string.h>

#include "common/db/row.h"
#include "common/indicator/indicator.h"
#include "common/who/access.h"
#include "services/api/page/query.h"
#include "services/api/rest/queries.h"
#include "services/api/rest/view.h"
#include "services/api/routes.h"

enum { PAGE = 20 };

/* A team of those that may be seen, or NULL for all of them. */
static enum problem query_team(struct scope *s, const struct request *request, const char **team)
{
    struct result known;
    *team = pairs_get(&request->query, "team");
    if (!*team)
        return OK;
    TRY(DB_RUN(s, &sql_team_known, &known, param_text(*team)));
    if (known.count == 0)
        scope_fault(s, "/team", FAULT_CHOICE);
    return OK;
}

static void note_items(struct scope *s, const struct agenda_item_view *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_AGENDA, items[i].municipality, items[i].case_id });
    if (count == 0)
        access_note_search(s, ACCESS_OF_AGENDA, NULL);
}

/* Those of a meeting stand together, in the meetings' order. */
static enum problem load_items(struct scope *s, struct meeting_view *meetings, size_t count)
{
    struct result r;
    struct list all;
    const char **ids = arena_array(s->arena, count, sizeof(*ids));
    for (size_t i = 0; i < count; i++)
        ids[i] = meetings[i].meeting_id;
    TRY(DB_RUN(s, &sql_agenda_items_of, &r, param_ids(s, ids, count)));
    TRY(records_from_result(s, &agenda_item_record, &r, &all));
    const struct agenda_item_view *item = all.items, *end = item + all.count;
    note_items(s, item, all.count);
    for (size_t m = 0; m < count; m++) {
        meetings[m].items.items = item;
        for (; item < end && strcmp(item->meeting_id, ids[m]) == 0; item++)
            meetings[m].items.count++;
    }
    return OK;
}

enum problem agenda_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct date today = oslo_date(s->now), later = date_add_days(today, 56);
    struct date from = query_date(s, request, "from", &today);
    struct date to = query_date(s, request, "to", &later);
    struct cursor cursor = query_cursor(request, "cursor");
    struct result r;
    const char *team;
    TRY(query_team(s, request, &team));
    query_order(s, from, to);
    if (!cursor.id && pairs_get(&request->query, "cursor"))
        scope_fault(s, "/cursor", FAULT_FORMAT);
    TRY(scope_faults(s));
    TRY(DB_RUN(s, &sql_agenda_meetings, &r, param_text(team),
               param_time(s, oslo_instant(from, 0, 0)), param_time(s, oslo_instant(to, 0, 0)),
               cursor.id ? param_time(s, cursor.at) : param_text(NULL),
               param_text(cursor.id), param_integer(s, PAGE + 1)));
    size_t count = r.count > PAGE ? PAGE : (size_t)r.count;
    struct meeting_view *meetings = arena_array(s->arena, (size_t)r.count, sizeof(*meetings));
    TRY(records_into(s, &meeting_record, &r, meetings));
    TRY(load_items(s, meetings, count));
    struct agenda_page *page = ARENA_NEW(s->arena, struct agenda_page);
    page->meetings = (struct list){ .items = meetings, .count = count };
    if (r.count > PAGE)
        page->next = cursor_text(s, meetings[PAGE - 1].starts_at.us, meetings[PAGE - 1].meeting_id);
    reply->record = &agenda_page_record;
    reply->answer = page;
    return OK;
}

enum problem indicators_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct date from = query_date(s, request, "from", NULL);
    struct date to = query_date(s, request, "to", NULL);
    query_order(s, from, to);
    TRY(scope_faults(s));
    struct indicator_value *values =
        arena_array(s->arena, INDICATOR_COUNT, sizeof(*values));
    TRY(indicators_compute(s, from, to, values));
    struct indicators_view *view = ARENA_NEW(s->arena, struct indicators_view);
    *view = (struct indicators_view){
        .from = date_text(s->arena, from),
        .to = date_text(s->arena, to),
        .indicators = { .items = values, .count = INDICATOR_COUNT },
    };
    reply->record = &indicators_record;
    reply->answer = view;
    return OK;
}
