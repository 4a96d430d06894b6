/* SPDX-License-Identifier: EUPL-1.2 */
/* Addresses are read as libpq and librdkafka read them: what is not surely here is elsewhere. */
#include "common/base/link.h"

#include <string.h>

#include "common/base/link_private.h"
#include "common/base/text.h"

static bool host_is_here(const char *host, size_t length)
{
    static const char *const names[] = { "localhost", "::1", "[::1]" };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (length == strlen(names[i]) && strncmp(host, names[i], length) == 0)
            return true;
    return length > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") >= length;
}

/* Behind the last colon a port, and nothing else: what stands before an @ is no host. */
static bool here(const char *address, size_t length)
{
    const char *colon = memrchr(address, ':', length);
    if (host_is_here(address, length))
        return true;
    return colon && host_is_here(address, (size_t)(colon - address)) &&
           strspn(colon + 1, "0123456789") >= length - (size_t)(colon + 1 - address);
}

bool link_is_safe(const char *url, bool synthetic)
{
    static const char tls[] = "https://", plain[] = "http://";
    if (!synthetic || strncmp(url, plain, strlen(plain)) != 0)
        return strncmp(url, tls, strlen(tls)) == 0;
    const char *place = url + strlen(plain);
    return here(place, strcspn(place, "/?#"));
}

/* Whether each of the list is here; a socket (no name, or a path) is if sockets can be meant. */
static bool all_here(const char *list, bool sockets)
{
    for (;;) {
        list += strspn(list, " ");
        size_t length = strcspn(list, ",");
        bool socket = sockets && (length == 0 || *list == '/' || *list == '@');
        if (!socket && !here(list, length))
            return false;
        if (!list[length])
            return true;
        list += length + 1;
    }
}

bool links_are_here(const char *list)
{
    return all_here(list, false);
}

const char *link_value(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val && *options->val ? options->val : NULL;
    return NULL;
}

bool link_is_choice(const char *keyword, const char *value)
{
    static const struct {
        const char *keyword, *values;
    } choices[] = {
        { "sslmode", "disable,allow,prefer,require,verify-ca,verify-full" },
        { "target_session_attrs", "any,read-write,read-only,primary,standby,prefer-standby" },
        { "channel_binding", "disable,prefer,require" },
        { "gssencmode", "disable,prefer,require" },
    };
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
        if (strcmp(keyword, choices[i].keyword) == 0)
            return text_lists(choices[i].values, ',', value);
    return true;
}

/* What the URL says, or else the environment and its service. */
static const char *setting(const PQconninfoOption *said, const PQconninfoOption *preset,
                           const char *keyword)
{
    const char *value = link_value(said, keyword);
    return value ? value : link_value(preset, keyword);
}

static bool is_safe(const PQconninfoOption *said, const PQconninfoOption *preset)
{
    const char *mode = setting(said, preset, "sslmode");
    const char *address = setting(said, preset, "hostaddr");
    const char *host = setting(said, preset, "host");
    if (mode && strcmp(mode, "verify-full") == 0)
        return true;
    if (link_value(said, "service"))
        return false; /* it may lead anywhere */
    return address ? all_here(address, false) : all_here(host ? host : "", true);
}

bool link_is_name(const char *url)
{
    return !strchr(url, '=') && !strstr(url, "://");
}

bool database_is_safe(const char *url)
{
    PQconninfoOption *said = PQconninfoParse(url, NULL), *preset = PQconndefaults();
    bool safe = preset && (said || link_is_name(url)) && is_safe(said, preset);
    PQconninfoFree(said);
    PQconninfoFree(preset);
    return safe;
}
