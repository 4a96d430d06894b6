/* SPDX-License-Identifier: EUPL-1.2 */
/* Sessions are rows that a browser's secret opens; whose they are is sealed. */
#include "services/api/login/session.h"

#include <sodium.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/db/pool.h"
#include "common/http/cookie.h"
#include "common/seal/seal.h"
#include "common/seal/secret.h"
#include "services/api/login/queries.h"
#include "services/api/login/staff.h"
#include "services/api/tenants/municipality.h"

/* Two listeners' sessions. */
static const struct {
    const char *session, *login;
    int64_t idle, longest;
} kinds[] = {
    [PUBLIC] = { SESSION_COOKIE, "__Host-tillit-login", 30 * 60 * SECOND_US, 2 * 3600 * SECOND_US },
    [INTERNAL] = { STAFF_COOKIE, "__Host-tillit-staff-login", 3600 * SECOND_US,
                   10 * 3600 * SECOND_US },
};

const char *session_cookie(enum listener at)
{
    return kinds[at].session;
}

const char *login_cookie(enum listener at)
{
    return kinds[at].login;
}

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
static const char *secret_of(struct scope *s, enum listener at, const char *cookies)
{
    const char *secret = cookie_find(s->arena, cookies, session_cookie(at));
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
    TRY(seal_index(s, ANY_MUNICIPALITY, person, &index));
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
           seal_index_matches(s, (struct bytes){ index, length }, ANY_MUNICIPALITY, s->who->person);
}

/* "<national id>" or "<national id>\n<name>". */
static enum problem open_person(struct scope *s, const struct result *r, struct principal *out)
{
    struct bytes plain = { 0 };
    size_t length;
    if (result_null(r, 0, "sealed"))
        return OK;
    const unsigned char *sealed = result_bytes(s, r, 0, "sealed", &length);
    TRY(seal_open(s, SEAL_SESSION, ANY_MUNICIPALITY, result_text(r, 0, "id"), sealed, length, &plain));
    const char *text = (const char *)plain.data;
    size_t number = strcspn(text, "\n");
    out->person = arena_strndup(s->arena, text, number);
    out->called = text[number] ? text + number + 1 : NULL;
    return OK;
}

static enum problem close_person(struct scope *s, const char *id, const struct entry *entry,
                                 struct bytes *out)
{
    const char *text = entry->called
                           ? arena_printf(s->arena, "%s\n%s", entry->person, entry->called)
                           : entry->person;
    return seal_close(s, SEAL_SESSION, ANY_MUNICIPALITY, id, text, strlen(text), out);
}

static enum problem be_citizen(struct scope *s, struct principal *out)
{
    out->kind = WHO_CITIZEN;
    out->tenants = municipalities_seen(s);
    out->roles = ROLE_APPLICANT;
    return client_of(s, out->person, &out->client);
}

static void be_staff(struct scope *s, const struct result *r, struct principal *out)
{
    struct texts roles = result_texts(s, r, 0, "roles");
    out->kind = WHO_STAFF;
    out->staff_id = result_text(r, 0, "staff_id");
    out->client = arena_printf(s->arena, "staff:%s", out->staff_id);
    out->tenants = result_text(r, 0, "municipality");
    out->name = result_text(r, 0, "name");
    out->unit = result_text(r, 0, "unit");
    out->roles = roles_named(&roles);
}

enum problem session_recognise(struct scope *s, enum listener at, const char *cookies,
                               struct principal *out)
{
    struct result r;
    const char *secret = secret_of(s, at, cookies);
    if (!secret)
        return PROBLEM_UNAUTHENTICATED;
    TRY(SESSION_RUN(s, &sql_session_use, &r, hash_of(s, secret), param_time(s, s->now),
                    param_time(s, s->now - kinds[at].longest),
                    param_time(s, s->now - kinds[at].idle), param_flag(at == INTERNAL)));
    if (r.count == 0)
        return PROBLEM_UNAUTHENTICATED;
    *out = (struct principal){ .csrf = secret_derive(s->arena, secret, "csrf") };
    TRY(open_person(s, &r, out));
    if (at == PUBLIC)
        return be_citizen(s, out);
    be_staff(s, &r, out);
    return OK;
}

static enum problem forget_late(struct scope *s)
{
    return SESSION_RUN(s, &sql_sessions_forget, NULL,
                       param_time(s, s->now - kinds[PUBLIC].longest),
                       param_time(s, s->now - kinds[PUBLIC].idle),
                       param_time(s, s->now - kinds[INTERNAL].longest),
                       param_time(s, s->now - kinds[INTERNAL].idle));
}

enum problem session_begin(struct scope *s, const char *cookies, const struct entry *entry,
                           const char **cookie)
{
    static const struct staff nobody = { 0 };
    const struct staff *staff = entry->staff ? entry->staff : &nobody;
    enum listener at = entry->staff ? INTERNAL : PUBLIC;
    const char *id = uuid_v7(s->arena, s->now), *secret = secret_new(s->arena);
    struct texts roles = role_names(s, staff->roles);
    struct bytes sealed = { 0 };
    TRY(session_end(s, at, cookies));
    TRY(forget_late(s));
    if (entry->person)
        TRY(close_person(s, id, entry, &sealed));
    TRY(SESSION_RUN(s, &sql_session_begin, NULL, param_text(id), hash_of(s, secret),
                    sealed.data ? param_bytes(sealed.data, sealed.length) : param_text(NULL),
                    entry->issuer_session ? hash_of(s, entry->issuer_session) : param_text(NULL),
                    param_time(s, s->now), param_text(staff->id),
                    param_text(staff->municipality), param_text(staff->name),
                    param_text(staff->unit), param_list(s, roles.items, roles.count)));
    *cookie = cookie_set(s->arena, session_cookie(at), secret, 0);
    return OK;
}

enum problem session_end(struct scope *s, enum listener at, const char *cookies)
{
    const char *secret = secret_of(s, at, cookies);
    return secret ? SESSION_RUN(s, &sql_session_end, NULL, hash_of(s, secret)) : OK;
}

enum problem session_end_of(struct scope *s, const char *issuer_session, int64_t begun_by)
{
    return SESSION_RUN(s, &sql_session_end_of, NULL, hash_of(s, issuer_session),
                       param_time(s, begun_by));
}
