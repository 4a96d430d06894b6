/* SPDX-License-Identifier: EUPL-1.2 */
/* Parameters that several routes take. */
#include "services/api/page/query.h"

#include <stdlib.h>

#include "common/api/api.h"
#include "common/base/uuid.h"

struct date query_date(struct scope *s, const struct request *request, const char *name,
                       const struct date *preset)
{
    const char *text = pairs_get(&request->query, name);
    struct date d = { 1970, 1, 1 };
    const char *pointer = arena_printf(s->arena, "/%s", name);
    if (!text && preset)
        return *preset;
    if (!text)
        scope_fault(s, pointer, FAULT_MISSING);
    else if (!text_has_format(text, FORMAT_DATE))
        scope_fault(s, pointer, FAULT_FORMAT);
    else if (!date_parse(text, &d))
        scope_fault(s, pointer, FAULT_DATE);
    return d;
}

/* "<microseconds>.<id>" */
struct cursor query_cursor(const struct request *request, const char *name)
{
    const char *text = pairs_get(&request->query, name);
    char *id = NULL;
    int64_t at = text ? strtoll(text, &id, 10) : 0;
    if (at <= 0 || *id != '.' || !uuid_parse(id + 1, NULL))
        return (struct cursor){ 0 };
    return (struct cursor){ at, id + 1 };
}

const char *cursor_text(struct scope *s, int64_t at, const char *id)
{
    return arena_printf(s->arena, "%lld.%s", (long long)at, id);
}

void query_order(struct scope *s, struct date from, struct date to)
{
    if (!s->errors && date_compare(from, to) >= 0)
        scope_fault(s, "/to", FAULT_RANGE);
}
