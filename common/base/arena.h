/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_ARENA_H
#define COMMON_BASE_ARENA_H
/*
 * Memory that lives as long as one request or one message and is freed as a whole.
 *
 * Nothing taken from an arena is ever freed by itself and nothing returned is ever NULL:
 * out of memory aborts the process, uncommitted work is redelivered. Not thread-safe: one
 * arena belongs to one thread at a time.
 */
#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct json_t; /* of Jansson */

struct arena *arena_new(void);

/* An arena that begins in the caller's memory and asks for more only when that is used up. The
 * memory must outlive it; arena_free is due all the same. */
struct arena_room {
    _Alignas(max_align_t) unsigned char bytes[2048];
};
struct arena *arena_within(struct arena_room *room);

/* One whose first block, the one that arena_reset keeps, has `size` bytes. */
struct arena *arena_sized(size_t size);

/* Frees the arena and all that was taken from it, wiping what it held; NULL is legal. */
void arena_free(struct arena *a);

/* Forgets all that was taken but keeps one block, so that the next message costs no malloc.
 * Deferred functions run as in arena_free. */
void arena_reset(struct arena *a);

/* Few heaps, which give back what is free above a fixed size: a program holds what it needs, however many threads once
 * allocated at once and however large the largest block ever was. Before the first thread. */
void arena_setup(void);

/* Gives memory that all arenas have freed back to the system: when a backlog has ended. */
void arena_trim(void);

/* size bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);

/* count * size bytes, zeroed; overflow aborts. */
void *arena_array(struct arena *a, size_t count, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* A NUL-terminated copy. text may be NULL, then NULL comes back. */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t length);
void *arena_memdup(struct arena *a, const void *data, size_t length);

char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), nonnull(2)));

/* Runs release(handle) when the arena is reset or freed, last deferred first: how foreign
 * handles (PGresult, json_t) get the arena's lifetime. */
void arena_defer(struct arena *a, void (*release)(void *), void *handle);

/* The value, given back with the arena; NULL is legal and stays so. */
struct json_t *arena_value(struct arena *a, struct json_t *value);

/* Frees what a library allocated with malloc and gave to us. */
void arena_release_foreign(void *memory);

/* A growing byte string in an arena. text is NUL-terminated and valid until the next append. */
struct buffer {
    struct arena *arena;
    char *text;
    size_t length;
    size_t room;
};

struct buffer buffer_new(struct arena *a);
struct buffer buffer_sized(struct arena *a, size_t room); /* where the length is known before */
void buffer_add(struct buffer *b, const void *data, size_t length);
void buffer_text(struct buffer *b, const char *text);
void buffer_char(struct buffer *b, char c);
void buffer_printf(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull));

/* Closes a variable's foreign handle at the end of its block: CLEANUP(pgresult_release). */
#define CLEANUP(function) __attribute__((cleanup(function)))

#endif
