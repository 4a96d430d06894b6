/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose a form is stands in it as a blind index, so that nobody sends what another wrote at the same machine. */

/* Other than any other index of the same person: it stands on pages. */
#include "services/api/page/whose.h"

#include <string.h>

#include "common/base/base64.h"
#include "common/seal/seal.h"
#include "common/who/who.h"

static const char *drawn_for(struct scope *s)
{
    const struct principal *who = s->who;
    return who->staff_id ? arena_printf(s->arena, "form staff %s", who->staff_id)
                         : arena_printf(s->arena, "form citizen %s", who->person);
}

const char *page_whose(struct scope *s)
{
    struct bytes index;
    if (!s->who || !s->who->csrf || seal_index(s, ANY_MUNICIPALITY, drawn_for(s), &index))
        return NULL;
    return base64url_encode(s->arena, index.data, index.length);
}

bool page_drawn_for(struct scope *s, const char *whose)
{
    struct bytes index;
    return whose && s->who && s->who->csrf &&
           base64url_decode(s->arena, whose, strlen(whose), &index) &&
           seal_index_matches(s, index, ANY_MUNICIPALITY, drawn_for(s));
}
