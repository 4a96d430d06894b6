/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_ADDRESS_H
#define COMMON_BASE_ADDRESS_H
/*
 * Addresses of the network, as people, proxies and settings write them. An address is 16 bytes, an old one mapped
 * (::ffff:192.0.2.1), so that one spelling equals another.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct in6_addr;

/* "192.0.2.1", "2001:db8::1". False if the text is no address; out is written only if it is. */
bool address_parse(const char *text, size_t length, struct in6_addr *out);

/* A node as proxies write it (RFC 7239 6): the same, in brackets, with a port behind, or in quotes. */
bool address_of_node(const char *text, size_t length, struct in6_addr *out);

/* Who the last hop of a Forwarded header is for (RFC 7239 4). False if that is no address, or the header is none. */
bool address_of_forwarded(const char *header, struct in6_addr *out);

/* 127.0.0.0/8 or ::1. */
bool address_is_here(const struct in6_addr *address);

/* Whether a comma-separated list holds the address, in any spelling. */
bool address_listed(const char *list, const struct in6_addr *address);
/* Whether all of the list are addresses. */
bool addresses_are_sound(const char *list);

/* Why host:port ("127.0.0.1:8080", "[::1]:8080", "localhost:8080") can't be listened on by its words alone, in
 * words; NULL if it can. */
const char *address_fault(const char *text);

/* The same with its IPv4 address in four numbers ("127.0.0.1:8080"), however it was written; NULL if it has none. */
const char *address_old(struct arena *a, const char *text);

/* Whether who listens on the one has the other too, as far as they are IPv4: the same, or all of the machine's. */
bool addresses_overlap(struct arena *a, const char *one, const char *other);

/* A socket that listens there; only_try sees whether it could, but for who may have the port already: what it returns does
 * not listen. -1 after saying why in *why (in the arena). */
int address_listen(struct arena *a, const char *text, bool only_try, const char **why);

#endif
