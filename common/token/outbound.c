/* SPDX-License-Identifier: EUPL-1.2 */
/* libcurl, contained: every option that widens what may be asked or waited for is set here.
 */
#include "common/token/outbound.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/link.h"
#include "common/program/program.h"

enum { CONNECT_MS = 2000, TOTAL_MS = 5000 };

/* An answer that is coming in. */
struct coming {
    struct scope *scope;
    struct buffer body;
    int64_t max_age_s;
    bool too_large;
};

void outbound_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct coming *in = context;
    size_t length = size * count;
    in->too_large = in->body.length + length > OUTBOUND_MOST;
    if (in->too_large)
        return 0;
    buffer_add(&in->body, data, length);
    return length;
}

/* max-age, unless the answer must not be kept at all. */
static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    static const char name[] = "cache-control:";
    struct coming *in = context;
    size_t length = size * count;
    if (length > strlen(name) && strncasecmp(data, name, strlen(name)) == 0) {
        const char *value = arena_strndup(in->scope->arena, data, length);
        const char *age = strcasestr(value, "max-age=");
        if (strcasestr(value, "no-store") || strcasestr(value, "no-cache"))
            in->max_age_s = 0;
        else if (age)
            in->max_age_s = strtoll(age + strlen("max-age="), NULL, 10);
    }
    return length;
}

static void set_up(CURL *curl, const char *url, bool plain, struct coming *in)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)scope_left(in->scope, CONNECT_MS));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)scope_left(in->scope, TOTAL_MS));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* a name service that hangs is left behind */
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tillit");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, in);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, in);
}

static enum problem ask(struct scope *s, CURL *curl, bool posts, const struct coming *in)
{
    long status = 0;
    CURLcode code = curl_easy_perform(curl);
    if (in->too_large)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the answer is too large");
    if (code)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "no answer: %s",
                          curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 || (posts && status == 201))
        return OK;
    return scope_fail(
        s, status >= 400 && status < 500 ? PROBLEM_FORBIDDEN : PROBLEM_UNAVAILABLE,
        "the answer was %ld", status);
}

/* form NULL: a GET. */
static enum problem exchange(struct scope *s, const char *url, const char *form,
                             struct outbound_answer *out)
{
    struct coming in = { .scope = s, .body = buffer_new(s->arena), .max_age_s = -1 };
    if (!link_is_safe(url, s->program->settings.synthetic))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the address is not https");
    if (!scope_left(s, TOTAL_MS))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "no time is left to ask"); /* 0 is curl's word for no limit */
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();
    set_up(curl, url, strncmp(url, "http:", strlen("http:")) == 0, &in);
    if (form)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    enum problem p = ask(s, curl, form, &in);
    curl_easy_cleanup(curl);
    if (!p)
        *out = (struct outbound_answer){ in.body.text, in.body.length, in.max_age_s };
    return p;
}

enum problem outbound_get(struct scope *s, const char *url, struct outbound_answer *out)
{
    enum problem p = exchange(s, url, NULL, out);
    return p == PROBLEM_FORBIDDEN ? PROBLEM_UNAVAILABLE : p;
}

enum problem outbound_post(struct scope *s, const char *url, const char *form,
                           struct outbound_answer *out)
{
    return exchange(s, url, form, out);
}

void outbound_field(struct buffer *b, const char *name, const char *value)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    buffer_printf(b, "%s%s=", b->length ? "&" : "", name);
    for (; *value; value++)
        if (strchr(plain, *value))
            buffer_char(b, *value);
        else
            buffer_printf(b, "%%%02X", (unsigned char)*value);
}
