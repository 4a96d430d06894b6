/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Blocks of growing size in a list. The only file in Tillit that calls malloc and free, so
 * that "who frees this" is never a question elsewhere.
 */
#include "common/base/arena.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BLOCK = 8 * 1024,
    HEAPS = 2,
    BIG = 256 * 1024, /* above it a block is the system's own, and as much may lie free at a heap's end */
};

struct block {
    struct block *previous;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *previous;
    void (*release)(void *);
    void *handle;
};

struct arena {
    struct block *block;
    struct deferred *deferred;
    bool borrowed; /* itself and its first block lie in the caller's memory */
};

static struct block *block_new(struct block *previous, size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);
    if (!block)
        abort();
    *block = (struct block){ .previous = previous, .size = size };
    return block;
}

/* What a person wrote passed through here: it must not linger in freed memory. */
static void block_free(struct block *block)
{
    explicit_bzero(block->bytes, block->used);
    free(block);
}

struct arena *arena_new(void)
{
    return arena_sized(FIRST_BLOCK);
}

struct arena *arena_sized(size_t size)
{
    struct arena *a = malloc(sizeof(*a));
    if (!a)
        abort();
    *a = (struct arena){ .block = block_new(NULL, size) };
    return a;
}

struct arena *arena_within(struct arena_room *room)
{
    struct {
        struct arena arena;
        struct block block;
    } *head = (void *)room->bytes;
    head->block = (struct block){ .size = sizeof(room->bytes) - sizeof(*head) };
    head->arena = (struct arena){ .block = &head->block, .borrowed = true };
    return &head->arena;
}

void arena_setup(void)
{
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_MMAP_THRESHOLD, BIG);
    mallopt(M_TRIM_THRESHOLD, BIG);
}

void arena_trim(void)
{
    malloc_trim(0);
}

static void release_all(struct arena *a)
{
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->previous;
        d->release(d->handle);
    }
}

static void blocks_free_to_first(struct arena *a)
{
    while (a->block->previous) {
        struct block *block = a->block;
        a->block = block->previous;
        block_free(block);
    }
}

void arena_reset(struct arena *a)
{
    release_all(a);
    blocks_free_to_first(a);
    explicit_bzero(a->block->bytes, a->block->used);
    a->block->used = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    release_all(a);
    blocks_free_to_first(a);
    if (a->borrowed) {
        explicit_bzero(a->block->bytes, a->block->used);
        return;
    }
    block_free(a->block);
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 4)
        abort();
    size_t rounded = (size + align - 1) / align * align;
    if (a->block->size - a->block->used < rounded) {
        size_t next = a->block->size * 2;
        a->block = block_new(a->block, next > rounded ? next : rounded);
    }
    void *memory = a->block->bytes + a->block->used;
    a->block->used += rounded;
    return memset(memory, 0, rounded);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 4 / size)
        abort();
    return arena_alloc(a, count * size);
}

void *arena_memdup(struct arena *a, const void *data, size_t length)
{
    void *copy = arena_alloc(a, length);
    if (length)
        memcpy(copy, data, length);
    return copy;
}

char *arena_strndup(struct arena *a, const char *text, size_t length)
{
    char *copy = arena_alloc(a, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *a, const char *text)
{
    return text ? arena_strndup(a, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        abort();
    char *text = arena_alloc(a, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

void arena_defer(struct arena *a, void (*release)(void *), void *handle)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred){ .previous = a->deferred, .release = release, .handle = handle };
    a->deferred = d;
}

static void value_release(void *value)
{
    json_decref(value);
}

struct json_t *arena_value(struct arena *a, struct json_t *value)
{
    if (value)
        arena_defer(a, value_release, value);
    return value;
}

void arena_release_foreign(void *memory)
{
    free(memory);
}

struct buffer buffer_new(struct arena *a)
{
    return buffer_sized(a, 256);
}

struct buffer buffer_sized(struct arena *a, size_t room)
{
    return (struct buffer){ .arena = a, .text = arena_alloc(a, room), .room = room };
}

void buffer_add(struct buffer *b, const void *data, size_t length)
{
    if (length >= SIZE_MAX / 4 - b->length)
        abort();
    if (b->length + length + 1 > b->room) {
        size_t room = (b->length + length + 1) * 2;
        char *text = arena_alloc(b->arena, room);
        memcpy(text, b->text, b->length);
        b->text = text;
        b->room = room;
    }
    if (length)
        memcpy(b->text + b->length, data, length);
    b->length += length;
    b->text[b->length] = '\0';
}

void buffer_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

void buffer_char(struct buffer *b, char c)
{
    buffer_add(b, &c, 1);
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_text(b, arena_vprintf(b->arena, format, args));
    va_end(args);
}
