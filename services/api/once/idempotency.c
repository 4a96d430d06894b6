/* SPDX-License-Identifier: EUPL-1.2 */
/* The hash is keyed and over what was sent; the answer holds ids and codes only. */
#include "services/api/once/idempotency.h"

#include "common/seal/seal.h"
#include "services/api/once/queries.h"

static struct kept kept_of(const struct result *r)
{
    return (struct kept){ .answer = result_text(r, 0, "answer"),
                          .location = result_text(r, 0, "location"),
                          .etag = result_text(r, 0, "etag"),
                          .at = result_time(r, 0, "created_at") };
}

enum problem claim_find_once(struct scope *s, const struct claim *claim, struct kept *kept)
{
    struct result r;
    struct bytes hash;
    TRY(seal_request_hash(s, claim->request, claim->length, &hash));
    TRY(DB_RUN(s, &sql_once_read, &r, param_text(claim->client),
               param_bytes(hash.data, hash.length), param_time(s, s->now)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_IN_FLIGHT, "the same is being taken right now");
    *kept = kept_of(&r);
    return OK;
}

enum problem claim_find(struct scope *s, const struct claim *claim, struct kept *kept)
{
    struct result r;
    struct bytes hash;
    TRY(DB_RUN(s, &sql_key_read, &r, param_text(claim->client), param_text(claim->key)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_IN_FLIGHT, "the key is being taken right now");
    hash.data = result_bytes(s, &r, 0, "request_hash", &hash.length);
    *kept = kept_of(&r);
    return seal_request_matches(s, hash, claim->request, claim->length) ? OK
                                                                        : PROBLEM_KEY_REUSED;
}

/* The insert waits for a first request that has not committed, as long as a lock is waited for. */
enum problem claim_join(struct scope *s, const struct claim *claim, const char *effect_id,
                        bool *fresh, struct kept *kept)
{
    struct bytes hash;
    struct result r;
    TRY(seal_request_hash(s, claim->request, claim->length, &hash));
    enum problem p = DB_RUN(s, &sql_key_join, &r, param_text(claim->client),
                            param_text(claim->key), param_bytes(hash.data, hash.length),
                            param_text(effect_id), param_time(s, s->now));
    if (p)
        return p == PROBLEM_STALE || db_was_locked_out(s->db) ? PROBLEM_IN_FLIGHT : p;
    *fresh = result_integer(&r, 0, "fresh") != 0;
    return *fresh ? OK : claim_find(s, claim, kept);
}

enum problem claim_keep(struct scope *s, const struct claim *claim, const struct kept *kept)
{
    return DB_RUN(s, &sql_key_answer, NULL, param_text(claim->client), param_text(claim->key),
                  param_text(kept->answer), param_text(kept->location), param_text(kept->etag));
}
