/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_CRASH_H
#define COMMON_BASE_CRASH_H
/*
 * A named point at which a fault test may end, stop or mislead the program. There is none in any
 * other build: the call is not compiled. What happens at a point is for tests/faults/ to say.
 */
#ifdef TILLIT_FAULTS
void crash_point(const char *name); /* "relay.deleted": group.point */
void crash_point_of(const char *group, const char *point); /* the same; of no group (NULL) there is none */
#else
#define crash_point(name) ((void)0)
#define crash_point_of(group, point) ((void)0)
#endif

#endif
