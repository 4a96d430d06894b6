/* SPDX-License-Identifier: EUPL-1.2 */
/* A municipality's teams as rows have them. */
#include "services/scheduling/scheduling.h"

static const struct field team_fields[] = {
    FIELD(struct team, id, .format = FORMAT_UUID), FIELD(struct team, municipality), FIELD(struct team, code),
    FIELD(struct team, weekday), FIELD(struct team, hour), FIELD(struct team, minute), FIELD(struct team, slots),
    FIELD(struct team, slot_minutes), { 0 },
};
const struct record team_record = RECORD("team", struct team, team_fields);
