/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_START_HEARTBEAT_H
#define COMMON_START_HEARTBEAT_H
/* A thread that writes the program's row of heartbeats every second, on a connection of its own. */

struct db_options;
struct program;

struct heartbeat;

struct heartbeat *heartbeat_start(struct program *program, const struct db_options *options);
/* Removes the row, so that readiness is told at once. NULL is legal. */
void heartbeat_stop(struct heartbeat *heartbeat);

#endif
