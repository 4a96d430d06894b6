/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_JOSE_H
#define COMMON_JOSE_H
/*
 * What tokens and key sets are written in: base64url and JSON objects (RFC 7515, 7517), read as
 * strictly as can be. Where two readers disagree on what a text says, an attacker chooses which
 * of them is asked (RFC 8725 2.4, 3.10): here a text says one thing or nothing.
 */
#include <jansson.h>

#include "common/scope.h"
#include "common/seal.h"

/* Decodes base64url without padding, white space or unused bits that are set. The bytes live in
 * the scope's arena; a NUL follows them. False if it is not that; then out is untouched. */
bool base64url_decode(struct scope *s, const char *text, size_t length, struct bytes *out);

/* The one spelling of the bytes in base64url, without padding; NUL-terminated, in the arena. */
const char *base64url_encode(struct arena *a, const void *bytes, size_t length);

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
