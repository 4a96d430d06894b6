/* SPDX-License-Identifier: EUPL-1.2 */
/* Any text as the value of each header that is read: nothing is read past its end, what is asked for has a weight,
 * and what is an address is one in its own spelling too. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/api/api_private.h"
#include "common/api/match.h"
#include "common/base/address.h"
#include "common/http/cookie.h"
#include "common/http/limit.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct in6_addr address, again;
    char text[INET6_ADDRSTRLEN], who[LIMIT_ADDRESS];
    const char *value = arena_strndup(a, (const char *)data, size);
    int weight = quality_of(value, "application/json");
    if (weight < 0 || weight > 1000 || (asks_for_html(value) && quality_of(value, "text/html") == 0))
        abort();
    language_of(value);
    is_content_type(value, "application/json");
    cookie_find(a, value, "a");
    address_fault(value);
    if (match_names(value, "\"5\"") && !strchr(value, '*') && !strstr(value, "\"5\""))
        abort();
    if (address_of_node(value, strlen(value), &address) &&
        (!inet_ntop(AF_INET6, &address, text, sizeof(text)) || !address_parse(text, strlen(text), &again) ||
         memcmp(&address, &again, sizeof(again)) != 0))
        abort();
    if (address_of_forwarded(value, &address) && !strchr(value, '='))
        abort();
    if (!limit_address("127.0.0.1", "127.0.0.1", NULL, value, who) && !strstr(value, "127.") && !strchr(value, ':'))
        abort();
    if (!limit_address("127.0.0.1", "127.0.0.1", value, NULL, who) && !strstr(value, "127.") && !strchr(value, ':'))
        abort();
    arena_free(a);
    return 0;
}
