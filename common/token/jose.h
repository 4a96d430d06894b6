/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_JOSE_H
#define COMMON_TOKEN_JOSE_H
/*
 * What tokens and key sets are written in: base64url and JSON objects (RFC 7515, 7517), read as
 * strictly as can be. Where two readers disagree on what a text says, an attacker chooses which
 * of them is asked (RFC 8725 2.4, 3.10): here a text says one thing or nothing.
 */
#include "common/base/bytes.h"
#include "common/problem/scope.h"

/* Parses a JSON object: UTF-8, at most 32 deep, no member twice. The object lives as long as the
 * scope. NULL if it is not that; *repeats then tells whether a member stands twice. Neither the
 * scope's detail nor its field errors are written: who wrote the text is told nothing of it. */
json_t *json_object_decode(struct scope *s, struct bytes text, bool *repeats);

/* The text of a member, NULL if there is none, or none that is a text. */
static inline const char *json_member_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Whether the value is that text. */
bool json_is_text(const json_t *value, const char *want);

/* Whether the value is an array that holds that text. */
bool json_lists(const json_t *value, const char *want);

#endif
