/* SPDX-License-Identifier: EUPL-1.2 */
/* The claims of a token, once its signature is known to be good. */
#include "common/token/token.h"

#include <assert.h>

#include "common/time/calendar.h"
#include "common/token/jose.h"
#include "common/token/jws.h"

static const char *const names[TOKEN_FAULT_COUNT] = {
    [TOKEN_GOOD] = "GOOD",
#define TOKEN_FAULT(name, meaning) [TOKEN_##name] = #name,
#include "common/token/token.def"
#undef TOKEN_FAULT
};

const char *token_fault_name(enum token_fault fault)
{
    assert(fault < TOKEN_FAULT_COUNT);
    return names[fault];
}

/* A token is good before the moment that its row bounds from above, and from the others on. */
static const struct {
    const char *claim;
    bool from_above;
    enum token_fault missing; /* TOKEN_GOOD = it may be */
    enum token_fault passed;
} times[] = {
    { "exp", true, TOKEN_NO_EXPIRY, TOKEN_EXPIRED },
    { "nbf", false, TOKEN_GOOD, TOKEN_NOT_YET_VALID },
    { "iat", false, TOKEN_GOOD, TOKEN_ISSUED_LATER },
};

static bool is_moment(const json_t *value)
{
    const json_int_t year_10000 = INT64_C(253402300800); /* 9999-12-31T24:00:00Z */
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           json_integer_value(value) < year_10000;
}

static enum token_fault fault_of_times(int64_t now, const json_t *claims)
{
    const int64_t skew = TOKEN_SKEW_SECONDS * SECOND_US;
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        const json_t *value = json_object_get(claims, times[i].claim);
        if (!value && times[i].missing)
            return times[i].missing;
        if (!value)
            continue;
        if (!is_moment(value))
            return TOKEN_TIME;
        int64_t at = json_integer_value(value) * SECOND_US;
        if (times[i].from_above ? now >= at + skew : now < at - skew)
            return times[i].passed;
    }
    return TOKEN_GOOD;
}

static bool names_audience(const json_t *aud, const char *want)
{
    return json_is_text(aud, want) || json_lists(aud, want);
}

static enum token_fault fault_of_claims(int64_t now, const struct token_rules *rules,
                                        const json_t *claims)
{
    if (!json_is_text(json_object_get(claims, "iss"), rules->issuer))
        return TOKEN_WRONG_ISSUER;
    if (rules->audience && !names_audience(json_object_get(claims, "aud"), rules->audience))
        return TOKEN_WRONG_AUDIENCE;
    return fault_of_times(now, claims);
}

enum problem token_verify(struct scope *s, const struct token_rules *rules,
                          const struct key_set *keys, const char *text, size_t length,
                          struct token *out)
{
    struct bytes payload;
    bool repeats;
    assert(rules->issuer);
    TRY(jws_open(s, rules->algorithms, keys, text, length, &out->fault, &payload));
    json_t *claims = json_object_decode(s, payload, &repeats);
    if (!claims)
        return token_refuse(&out->fault, repeats ? TOKEN_REPEATED_MEMBER : TOKEN_CLAIMS);
    enum token_fault fault = fault_of_claims(s->now, rules, claims);
    if (fault)
        return token_refuse(&out->fault, fault);
    *out = (struct token){ .claims = claims };
    return OK;
}
