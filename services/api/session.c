/* SPDX-License-Identifier: EUPL-1.2 */
/* Sessions are rows that a browser's secret opens; whose they are is sealed. */
#include "services/api/session.h"

#include <sodium.h>
#include <string.h>

#include "common/clock.h"
#include "common/cookie.h"
#include "common/secret.h"
#include "common/uuid.h"
#include "services/api/queries.h"

#define IDLE (30 * 60 * SECOND_US)
#define LONGEST (2 * 60 * 60 * SECOND_US)

/* A session is of no municipality: its person may have cases in several. */
static const char everywhere[] = "*";

static const char citizen[] = "citizen:";

enum problem session_run(struct scope *s, const struct statement *statement,
                         struct result *out, const struct param *params, int count)
{
    TRY(pool_take(s, s->program->pool));
    enum problem p = db_run(s, statement, out, params, count);
    pool_give(s, s->program->pool);
    return p;
}

/* The secret of the session cookie; NULL if there is none that could be one. */
static const char *secret_of(struct scope *s, const char *cookies)
{
    const char *secret = cookie_find(s->arena, cookies, SESSION_COOKIE);
    return secret_well_formed(secret) ? secret : NULL;
}

static struct param hash_of(struct scope *s, const char *text)
{
    struct bytes hash = secret_hash(s->arena, text);
    return param_bytes(hash.data, hash.length);
}

/* The name under which a person's Idempotency-Keys are kept. */
static enum problem client_of(struct scope *s, const char *person, const char **out)
{
    struct bytes index;
    TRY(seal_index(s, everywhere, person, &index));
    char *hex = arena_alloc(s->arena, 2 * index.length + 1);
    *out =
        arena_printf(s->arena, "%s%s", citizen,
                     sodium_bin2hex(hex, 2 * index.length + 1, index.data, index.length));
    return OK;
}

bool session_is(struct scope *s, const char *client)
{
    unsigned char index[64];
    size_t length = 0;
    if (!s->who || !s->who->person || strncmp(client, citizen, strlen(citizen)) != 0)
        return false;
    client += strlen(citizen);
    return sodium_hex2bin(index, sizeof(index), client, strlen(client), NULL, &length, NULL) ==
               0 &&
           seal_index_matches(s, (struct bytes){ index, length }, everywhere, s->who->person);
}

enum problem session_recognise(struct scope *s, const char *cookies, struct principal *out)
{
    struct result r;
    struct bytes person;
    size_t length;
    const char *secret = secret_of(s, cookies);
    if (!secret)
        return PROBLEM_UNAUTHENTICATED;
    TRY(SESSION_RUN(s, &sql_session_use, &r, hash_of(s, secret), param_time(s, s->now),
                    param_time(s, s->now - LONGEST), param_time(s, s->now - IDLE)));
    if (r.count == 0)
        return PROBLEM_UNAUTHENTICATED;
    const unsigned char *sealed = result_bytes(s, &r, 0, "sealed", &length);
    TRY(seal_open(s, SEAL_SESSION, everywhere, result_text(&r, 0, "id"), sealed, length,
                  &person));
    *out = (struct principal){ .kind = WHO_CITIZEN,
                               .tenants = s->program->settings.municipality,
                               .person = (const char *)person.data,
                               .csrf = secret_derive(s->arena, secret, "csrf") };
    return client_of(s, out->person, &out->client);
}

enum problem session_begin(struct scope *s, const char *cookies, const char *person,
                           const char *issuer_session, const char **cookie)
{
    struct bytes sealed;
    const char *id = uuid_v7(s->arena, s->now), *secret = secret_new(s->arena);
    TRY(session_end(s, cookies));
    TRY(seal_close(s, SEAL_SESSION, everywhere, id, person, strlen(person), &sealed));
    TRY(SESSION_RUN(s, &sql_session_begin, NULL, param_text(id), hash_of(s, secret),
                    param_bytes(sealed.data, sealed.length),
                    issuer_session ? hash_of(s, issuer_session) : param_text(NULL),
                    param_time(s, s->now), param_time(s, s->now - LONGEST),
                    param_time(s, s->now - IDLE)));
    *cookie = cookie_set(s->arena, SESSION_COOKIE, secret, 0);
    return OK;
}

enum problem session_end(struct scope *s, const char *cookies)
{
    const char *secret = secret_of(s, cookies);
    return secret ? SESSION_RUN(s, &sql_session_end, NULL, hash_of(s, secret)) : OK;
}

enum problem session_end_of(struct scope *s, const char *issuer_session)
{
    return SESSION_RUN(s, &sql_session_end_of, NULL, hash_of(s, issuer_session));
}
