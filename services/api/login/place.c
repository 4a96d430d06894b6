/* SPDX-License-Identifier: EUPL-1.2 */
/* A cookie per login: "<secret><page>", or the page alone. */
#include "services/api/login/place.h"

#include <string.h>

#include "common/http/cookie.h"
#include "common/seal/secret.h"
#include "services/api/login/oidc.h"
#include "services/api/login/session.h"

/* Logins at once in one browser are tabs that were opened together: MOST_PLACES of them, of at most some
 * 300 bytes, are a few of the kilobytes that a request's headers may have. */
enum { PLACE_SECONDS = 60 * 60, MOST_PLACES = 8, STATE_SHOWN = 16 };

static const char *prefix_of(struct scope *s, enum listener at)
{
    return arena_printf(s->arena, "%s-", login_cookie(at));
}

static const char *name_of(struct scope *s, enum listener at, const char *state)
{
    return arena_printf(s->arena, "%s%.*s", prefix_of(s, at), STATE_SHOWN, state);
}

struct login_place login_place_find(struct scope *s, enum listener at, const char *cookies,
                                    const char *state)
{
    struct login_place place = { 0 };
    if (!secret_well_formed(state))
        return place;
    const char *value = cookie_find(s->arena, cookies, name_of(s, at, state));
    size_t secret = value ? strcspn(value, "/") : 0;
    if (!value || !value[secret])
        return place;
    place.back = value + secret;
    value = arena_strndup(s->arena, value, secret);
    if (secret_well_formed(value) && secret_same(state, oidc_state(s, value)))
        place.secret = value;
    return place;
}

void login_place_keep(struct scope *s, enum listener at, const char *cookies,
                      const struct login_place *place, struct http_reply *reply)
{
    struct texts old = cookie_names(s->arena, cookies, prefix_of(s, at));
    const char *value = arena_printf(s->arena, "%s%s", place->secret, place->back);
    reply->cookies[0] = cookie_set(s->arena, name_of(s, at, oidc_state(s, place->secret)), value, PLACE_SECONDS);
    for (size_t i = 0; i + 1 < COOKIES_MOST && i + MOST_PLACES <= old.count; i++)
        reply->cookies[i + 1] = cookie_forget(s->arena, old.items[i]);
}

const char *login_place_used(struct scope *s, enum listener at, const struct login_place *place)
{
    return cookie_set(s->arena, name_of(s, at, oidc_state(s, place->secret)), place->back, PLACE_SECONDS);
}
