/* SPDX-License-Identifier: EUPL-1.2 */
/* Choosing a slot: what can be told without the database. */
#include "services/scheduling/scheduling.h"

int64_t slot_choose(int64_t meeting_starts, int64_t slots, int64_t slot_minutes, const int64_t *taken,
                    size_t count)
{
    for (int64_t i = 0; i < slots; i++) {
        int64_t starts = meeting_starts + i * slot_minutes * 60 * SECOND_US;
        bool free = true;
        for (size_t k = 0; k < count && free; k++)
            free = taken[k] != starts;
        if (free)
            return starts;
    }
    return 0;
}

int64_t agenda_opens(int64_t now)
{
    return oslo_instant(date_add_working_days(oslo_date(now), 1), 12, 0);
}

bool agenda_is_late(int64_t slot_starts, int64_t preliminary_due)
{
    struct date last = date_add_days(oslo_date(preliminary_due - 1), -7);
    return slot_starts >= oslo_instant(last, 24, 0);
}
