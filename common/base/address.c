/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading addresses, and taking one to listen on. */
#include "common/base/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/arena.h"

enum { BACKLOG = 1024 };

bool address_parse(const char *text, size_t length, struct in6_addr *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr old;
    if (length == 0 || length >= sizeof(copy))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (inet_pton(AF_INET, copy, &old) == 1) {
        *out = (struct in6_addr){ .s6_addr = { [10] = 0xff, [11] = 0xff } };
        memcpy(&out->s6_addr[12], &old, sizeof(old));
        return true;
    }
    return inet_pton(AF_INET6, copy, out) == 1;
}

/* A port's number, or the name that a proxy hides it behind ("_x7"). */
static bool is_port(const char *text, size_t length)
{
    size_t digits = strspn(text, "0123456789");
    if (length > 1 && *text == '_')
        return strspn(text, "_.-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") >= length;
    return length > 0 && length <= 5 && digits >= length;
}

bool address_of_node(const char *text, size_t length, struct in6_addr *out)
{
    if (length >= 2 && *text == '"' && text[length - 1] == '"') {
        text++;
        length -= 2;
    }
    if (address_parse(text, length, out))
        return true;
    const char *end = length > 0 && *text == '[' ? memchr(text, ']', length) : NULL;
    if (end) {
        size_t rest = length - (size_t)(end + 1 - text);
        bool sound = rest == 0 || (end[1] == ':' && is_port(end + 2, rest - 1));
        return sound && memchr(text, ':', (size_t)(end - text)) &&
               address_parse(text + 1, (size_t)(end - text) - 1, out);
    }
    const char *colon = memchr(text, ':', length);
    return colon && is_port(colon + 1, length - (size_t)(colon + 1 - text)) &&
           address_parse(text, (size_t)(colon - text), out);
}

/* Up to what ends a pair's value, which may stand in quotes; 0 for what does not end. */
static size_t value_length(const char *value)
{
    size_t at = 1;
    if (*value != '"')
        return strcspn(value, ",; \t\"");
    for (; value[at] && value[at] != '"'; at++)
        at += value[at] == '\\' && value[at + 1];
    return value[at] ? at + 1 : 0;
}

/* Read strictly from its first byte on: what came to the proxy stands before what it added, and may hold half a quote. */
bool address_of_forwarded(const char *header, struct in6_addr *out)
{
    const char *node = NULL;
    size_t length = 0;
    for (const char *at = header;; at++) {
        at += strspn(at, " \t");
        size_t name = strcspn(at, "=,; \t\""), value = name && at[name] == '=' ? value_length(at + name + 1) : 0;
        if (value) {
            bool is_for = name == 3 && strncasecmp(at, "for", name) == 0;
            if (is_for && node)
                return false;
            node = is_for ? at + name + 1 : node;
            length = is_for ? value : length;
            at += name + 1 + value;
            at += strspn(at, " \t");
        }
        if (!*at)
            return node && address_of_node(node, length, out);
        if (*at != ',' && *at != ';')
            return false;
        node = *at == ',' ? NULL : node;
    }
}

bool address_is_here(const struct in6_addr *address)
{
    return IN6_IS_ADDR_LOOPBACK(address) ||
           (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

/* The next of a list, without the blanks around it; false at the end. */
static bool next(const char **list, const char **item, size_t *length)
{
    if (!**list)
        return false;
    *item = *list + strspn(*list, " \t");
    *length = strcspn(*item, ", \t");
    *list += strcspn(*list, ",");
    *list += **list == ',';
    return true;
}

bool address_listed(const char *list, const struct in6_addr *address)
{
    const char *item;
    size_t length;
    struct in6_addr one;
    while (next(&list, &item, &length))
        if (address_parse(item, length, &one) && memcmp(&one, address, sizeof(one)) == 0)
            return true;
    return false;
}

bool addresses_are_sound(const char *list)
{
    const char *item;
    size_t length;
    struct in6_addr one;
    while (next(&list, &item, &length)) {
        const char *behind = item + length + strspn(item + length, " \t");
        bool ends = !*behind || (*behind == ',' && behind[1]);
        if (!address_parse(item, length, &one) || !ends)
            return false;
    }
    return true;
}

/* The host, without brackets, and what stands behind its colon. */
static const char *split(const char *text, size_t *length, bool *bracketed)
{
    *bracketed = *text == '[';
    const char *end = *bracketed ? strchr(text, ']') : strrchr(text, ':');
    if (!end || (*bracketed && end[1] != ':'))
        return NULL;
    *length = (size_t)(end - text) - *bracketed;
    return end + 1 + *bracketed;
}

const char *address_fault(const char *text)
{
    size_t length;
    bool bracketed;
    struct in6_addr address;
    const char *port = split(text, &length, &bracketed);
    size_t digits = port ? strspn(port, "0123456789") : 0;
    if (!port || length == 0 || digits == 0 || digits > 5 || port[digits] || atoi(port) < 1 ||
        atoi(port) > 65535)
        return "must be host:port";
    if (bracketed && !(memchr(text + 1, ':', length) && address_parse(text + 1, length, &address)))
        return "must be host:port; between brackets only an IPv6 address stands";
    if (!bracketed && memchr(text, ':', length))
        return "must be host:port; an IPv6 address stands between brackets: [::1]:8080";
    return NULL;
}

static void forget(struct addrinfo **found)
{
    if (*found)
        freeaddrinfo(*found);
}

/* What nobody can come to, though it can be bound: all machines, or many. */
static bool is_nobodys(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_MULTICAST(&((const struct sockaddr_in6 *)address)->sin6_addr);
    in_addr_t old = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
    return IN_MULTICAST(old) || old == INADDR_BROADCAST;
}

/* Where it is only tried, a port that is taken is no fault: this very program may have it. */
static int take(const struct addrinfo *address, bool only_try)
{
    if (is_nobodys(address->ai_addr)) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (address->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 1 }, sizeof(int));
    bool bound = bind(fd, address->ai_addr, address->ai_addrlen) == 0 || (only_try && errno == EADDRINUSE);
    if (bound && (only_try || listen(fd, BACKLOG) == 0))
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* A name may be both an old and a new address: the old one is what others of ours take too. */
static const struct addrinfo *first_of(const struct addrinfo *found, int family)
{
    while (found && found->ai_family != family)
        found = found->ai_next;
    return found;
}

static int take_of(const struct addrinfo *found, int family, bool only_try)
{
    const struct addrinfo *first = first_of(found, family);
    errno = EADDRNOTAVAIL;
    return first ? take(first, only_try) : -1;
}

/* What the host and the port mean: "localhost", "*", "127.1". The caller frees it; NULL for what is no host. */
static struct addrinfo *find(struct arena *a, const char *text)
{
    size_t length;
    bool bracketed;
    const char *port = split(text, &length, &bracketed);
    struct addrinfo *found = NULL;
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    const char *host = port ? arena_strndup(a, text + bracketed, length) : NULL;
    return host && getaddrinfo(host, port, &hints, &found) == 0 ? found : NULL;
}

const char *address_old(struct arena *a, const char *text)
{
    CLEANUP(forget) struct addrinfo *found = find(a, text);
    const struct addrinfo *first = first_of(found, AF_INET);
    const struct sockaddr_in *old = first ? (const void *)first->ai_addr : NULL;
    char host[INET_ADDRSTRLEN];
    if (!old || !inet_ntop(AF_INET, &old->sin_addr, host, sizeof(host)))
        return NULL;
    return arena_printf(a, "%s:%d", host, ntohs(old->sin_port));
}

bool addresses_overlap(struct arena *a, const char *one, const char *other)
{
    static const char any[] = "0.0.0.0:";
    const char *first = address_old(a, one), *second = address_old(a, other);
    if (!first || !second || strcmp(strrchr(first, ':'), strrchr(second, ':')) != 0)
        return false;
    return strcmp(first, second) == 0 || strncmp(first, any, strlen(any)) == 0 ||
           strncmp(second, any, strlen(any)) == 0;
}

int address_listen(struct arena *a, const char *text, bool only_try, const char **why)
{
    CLEANUP(forget) struct addrinfo *found = find(a, text);
    if (!found) {
        *why = arena_printf(a, "%s can not be listened on: no such host", text);
        return -1;
    }
    int fd = take_of(found, AF_INET, only_try);
    if (fd < 0 && errno == EADDRNOTAVAIL)
        fd = take_of(found, AF_INET6, only_try);
    if (fd < 0)
        *why = arena_printf(a, "%s can not be listened on: %s", text,
                            errno == EADDRINUSE     ? "is something else using the port?"
                            : errno == EAFNOSUPPORT ? "nobody can come to such an address"
                                                    : strerror(errno));
    return fd;
}
