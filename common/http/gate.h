/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_GATE_H
#define COMMON_HTTP_GATE_H
/*
 * A program's internal address. One thread of its own reads, writes and waits for all connections at once, and answers
 * /metrics and /healthz by itself: whoever else is slow, or whatever is busy, is no matter to them. Where a program
 * serves more there (the API: the console), a whole request is handed to a few threads.
 */

struct gate;
struct http_options;

struct arena;

/* own->handle answers on the loop's thread, without waiting for anything; false: it is not its to answer. NULL if the address can't
 * be taken; *why then says so in words (in the arena). */
struct gate *gate_start(struct arena *a, const struct http_options *own, const char **why);

/* From now on what is not health or metrics goes to options->handle, on options->threads threads; /healthz/ready too, on one of
 * its own: it may ask a database, and is answered without it when that takes too long. options->address means nothing here. */
void gate_serve(struct gate *gate, const struct http_options *options);
/* Ends that: waits for the requests under way. Health goes on. Legal before gate_serve. */
void gate_retire(struct gate *gate);

/* NULL is legal. */
void gate_stop(struct gate *gate);

#endif
