/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_API_PRIVATE_H
#define COMMON_API_API_PRIVATE_H
/* What the files of the API skeleton share; included by them alone and by their tests. */
#include "common/api/api.h"

struct http_reply;
struct http_request;
struct limits;

/* What one listener's handler needs. */
struct door {
    const struct api *api;
    struct program *program;
    enum listener listener;
    void *own;
    struct limits *limits;
};

/* Answers a request that came by the door: all that lies between a listener and a handler (http_handler). */
bool api_handle(struct scope *s, struct http_request *http, struct http_reply *out, const void *door);

#endif
