/* SPDX-License-Identifier: EUPL-1.2 */
/* HMACs of the access log's rows and of the links of its chain. Layouts: chain.h. */
#include "common/who/chain.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#include "common/program/program.h"
#include "common/seal/keyring.h"
#include "common/who/access.h"

_Static_assert(CHAIN_BYTES == KEY_ID_BYTES + crypto_auth_hmacsha256_BYTES, "key id and HMAC");

typedef crypto_auth_hmacsha256_state hmac;

static void add(hmac *state, const void *data, size_t length)
{
    crypto_auth_hmacsha256_update(state, data, length);
}

static void add_column(hmac *state, const void *data, size_t length)
{
    uint32_t wire = htonl(data ? (uint32_t)length : UINT32_MAX);
    add(state, &wire, sizeof(wire));
    if (data)
        add(state, data, length);
}

static void add_row(struct scope *s, hmac *state, const struct access_row *row)
{
    const char *texts[] = { row->id,   row->municipality,
                            arena_printf(s->arena, "%lld", (long long)row->at.us),
                            row->kind, row->who,
                            row->name, row->unit,
                            row->role, row->what,
                            row->act,  row->case_id };
    add(state, "row", 3);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        add_column(state, texts[i], texts[i] ? strlen(texts[i]) : 0);
    add_column(state, row->reason.data, row->reason.length);
    add_column(state, row->request_id, row->request_id ? strlen(row->request_id) : 0);
}

static void add_link(struct scope *s, hmac *state, const struct chain_link *link)
{
    const char *head = arena_printf(s->arena, "link\n%s\n%lld\n", link->municipality,
                                    (long long)link->n);
    add(state, head, strlen(head));
    add(state, link->before.data, link->before.data ? link->before.length : 0);
    add(state, link->row.data, link->row.data ? link->row.length : 0);
    add(state, link->row_id, strlen(link->row_id));
}

/* Of the row, or else of the link. */
static struct bytes value_with(struct scope *s, const struct key *key,
                               const struct access_row *row, const struct chain_link *link)
{
    hmac state;
    unsigned char *value = arena_alloc(s->arena, CHAIN_BYTES);
    memcpy(value, key->id, KEY_ID_BYTES);
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof(key->bytes));
    if (row)
        add_row(s, &state, row);
    else
        add_link(s, &state, link);
    crypto_auth_hmacsha256_final(&state, value + KEY_ID_BYTES);
    sodium_memzero(&state, sizeof(state));
    return (struct bytes){ .data = value, .length = CHAIN_BYTES };
}

static enum problem value_now(struct scope *s, const char *municipality,
                              const struct access_row *row, const struct chain_link *link,
                              struct bytes *out)
{
    const struct key *key = keyring_current(s->program->keyring, KEY_CHAIN, municipality);
    if (!key)
        return scope_fail(s, PROBLEM_BUG, "the key ring has no chain key in use");
    *out = value_with(s, key, row, link);
    return OK;
}

static bool holds(struct scope *s, const struct access_row *row, const struct chain_link *link,
                  struct bytes value)
{
    const struct key *key = value.data && value.length == CHAIN_BYTES
                                ? keyring_find(s->program->keyring, KEY_CHAIN, value.data)
                                : NULL;
    return key &&
           sodium_memcmp(value_with(s, key, row, link).data, value.data, CHAIN_BYTES) == 0;
}

enum problem chain_row(struct scope *s, const struct access_row *row, struct bytes *out)
{
    return value_now(s, row->municipality, row, NULL, out);
}

enum problem chain_link(struct scope *s, const struct chain_link *link, struct bytes *out)
{
    return value_now(s, link->municipality, NULL, link, out);
}

bool chain_row_holds(struct scope *s, const struct access_row *row)
{
    return holds(s, row, NULL, row->mac);
}

bool chain_link_holds(struct scope *s, const struct chain_link *link, struct bytes value)
{
    return holds(s, NULL, link, value);
}
