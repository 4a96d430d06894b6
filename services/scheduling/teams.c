/* SPDX-License-Identifier: EUPL-1.2 */
/* A municipality's teams as rows have them. */
#include "services/scheduling/scheduling.h"

struct team team_at(const struct result *r, int row)
{
    return (struct team){
        .id = result_text(r, row, "id"),
        .municipality = result_text(r, row, "municipality"),
        .code = result_text(r, row, "code"),
        .weekday = (int)result_integer(r, row, "weekday"),
        .hour = (int)result_integer(r, row, "hour"),
        .minute = (int)result_integer(r, row, "minute"),
        .slots = (int)result_integer(r, row, "slots"),
        .slot_minutes = (int)result_integer(r, row, "slot_minutes"),
    };
}
