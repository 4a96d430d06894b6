/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_ADMIT_H
#define COMMON_API_ADMIT_H
/* Who asks, by token or session, and whether a page of ours sent it. */
#include "common/problem/scope.h"

struct api;
struct request;

/* The cookies of a request, of however many headers. */
const char *api_cookies(const struct scope *s, const struct request *request);

/* Whether no browser says that another site's page sent the request; true of what says nothing:
 * then a form's own token decides. */
bool api_own_site(const struct request *request);

/* Who asks, by token or session, and whether the route is for them: into s->who, NULL where
 * nobody logs in. */
enum problem admit_principal(struct scope *s, const struct api *api,
                            struct request *request);

/* Whether a form that changes something in a session's name was made by a page of that
 * session. */
enum problem admit_form(struct scope *s, const struct request *request);

/* WWW-Authenticate of a refusal (RFC 6750 3), or NULL. */
const char *admit_challenge(struct scope *s, const struct request *request, enum problem p);

#endif
