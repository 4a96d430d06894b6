/* SPDX-License-Identifier: EUPL-1.2 */
/* As those read them who take them in the end: libpq, librdkafka, libcurl and browsers. */
#include "common/program/settings_form.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/address.h"
#include "common/base/link_private.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

enum { LONGEST_HOST = 253, LONGEST_LABEL = 63, LONGEST_TOPIC = 249 };

static bool is_port(const char *text, size_t length)
{
    return length > 0 && length <= 5 && strspn(text, DIGITS) >= length && atoi(text) >= 1 && atoi(text) <= 65535;
}

/* A name of labels, or four numbers; an IPv6 address between brackets. */
static bool is_host(const char *text, size_t length)
{
    struct in6_addr address;
    if (length > 2 && *text == '[' && text[length - 1] == ']')
        return memchr(text, ':', length) && address_parse(text + 1, length - 2, &address);
    if (length == 0 || length > LONGEST_HOST)
        return false;
    if (strspn(text, DIGITS ".") >= length)
        return address_parse(text, length, &address);
    for (const char *label = text;; label++) {
        size_t here = strspn(label, LETTERS DIGITS "-_");
        if (here == 0 || here > LONGEST_LABEL || *label == '-' || label[here - 1] == '-')
            return false;
        label += here;
        if (label >= text + length)
            return label == text + length;
        if (*label != '.')
            return false;
    }
}

/* host, or host:port. */
static bool is_place(const char *text, size_t length, bool needs_port)
{
    const char *colon = memrchr(text, ':', length);
    if (!colon || (*text == '[' && text[length - 1] == ']'))
        return !needs_port && is_host(text, length);
    size_t host = (size_t)(colon - text);
    return is_host(text, host) && is_port(colon + 1, length - host - 1);
}

/* Whether each item of the list is one, and none is empty. */
static bool all_are(const char *list, bool (*is)(const char *item, size_t length))
{
    for (;; list++) {
        size_t length = strcspn(list, ",");
        if (!is(list, length))
            return false;
        list += length;
        if (!*list)
            return true;
    }
}

static size_t items(const char *list)
{
    size_t count = 1;
    for (; list && (list = strchr(list, ',')); list++)
        count++;
    return count;
}

/* An empty one is the usual port. */
static bool is_port_or_none(const char *item, size_t length)
{
    return length == 0 || is_port(item, length);
}

/* What libpq reads and then can't use: it says so at each try, and waiting does not help. */
static bool can_be_asked(const PQconninfoOption *options)
{
    const char *hosts = link_value(options, "host"), *addresses = link_value(options, "hostaddr");
    const char *ports = link_value(options, "port");
    size_t places = items(addresses ? addresses : hosts);
    bool good = (!ports || (all_are(ports, is_port_or_none) && (items(ports) == 1 || items(ports) == places))) &&
                (!addresses || !hosts || items(hosts) == places);
    for (const PQconninfoOption *one = options; one->keyword && good; one++)
        good = !one->val || !*one->val || link_is_choice(one->keyword, one->val);
    return good;
}

const char *form_database(const char *text)
{
    bool is_name = link_is_name(text);
    PQconninfoOption *options = is_name ? NULL : PQconninfoParse(text, NULL);
    bool good = is_name ? text[strspn(text, " \t")] : options && can_be_asked(options);
    PQconninfoFree(options);
    return good ? NULL : "must be a database as libpq understands it: postgresql://host:port/name?sslmode=verify-full";
}

static bool is_broker(const char *item, size_t length)
{
    size_t blanks = strspn(item, " ");
    return blanks < length && is_place(item + blanks, length - blanks, true);
}

const char *form_brokers(const char *text)
{
    return all_are(text, is_broker) ? NULL : "must be host:port, with commas between";
}

const char *form_topic(const char *text)
{
    size_t length = strlen(text);
    bool good = length > 0 && length <= LONGEST_TOPIC && strspn(text, LETTERS DIGITS "._-") == length &&
                strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
    return good ? NULL : "must be a topic's name: letters, digits, . _ and -";
}

const char *form_web(const char *text)
{
    static const char *const schemes[] = { "https://", "http://" };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0) {
            const char *place = text + strlen(schemes[i]);
            size_t length = strcspn(place, "/");
            const char *path = place + length;
            if (is_place(place, length, false) && !path[strspn(path, LETTERS DIGITS "-._~!$&'()*+,;=:@/%")])
                return NULL;
        }
    return "must be an address: https://host or https://host:port";
}

static bool is_word(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return length > 0;
}

const char *form_word(const char *text)
{
    return is_word(text, strlen(text)) ? NULL : "must be one word, without blanks";
}

const char *form_words(const char *text)
{
    return all_are(text, is_word) ? NULL : "must be words without blanks, with commas between";
}

static bool is_code(const char *item, size_t length)
{
    return length == 4 && strspn(item, DIGITS) >= length;
}

const char *form_codes(const char *text)
{
    return all_are(text, is_code) ? NULL : "must be municipality numbers of four digits, with commas between";
}
