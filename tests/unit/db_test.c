/* SPDX-License-Identifier: EUPL-1.2 */
/* What an error of the database means, and how long one that does not answer is waited for. */
#include "tests/unit/table.h"

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/db/open.h"
#include "common/db/pool.h"
#include "common/db/run.h"
#include "common/db/sqlstate.h"
#include "common/time/clock.h"

static void sqlstates(void **state)
{
    (void)state;
    static const struct {
        const char *name, *code;
        enum problem problem;
        enum whose whose;
    } rows[] = {
        { "a move that the table does not hold", "TC001", PROBLEM_WRONG_STATUS, OF_STATEMENT },
        { "connection exception", "08000", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "connection failure", "08006", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "a cached plan that no longer fits", "0A000", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "text that is no number", "22P02", PROBLEM_MALFORMED, OF_STATEMENT },
        { "foreign key", "23503", PROBLEM_MALFORMED, OF_STATEMENT },
        { "taken", "23505", PROBLEM_MALFORMED, OF_STATEMENT },
        { "booked by another", "23P01", PROBLEM_STALE, OF_STATEMENT },
        { "read-only", "25006", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "no transaction where we thought one was", "25P01", PROBLEM_BUG, OF_CONNECTION },
        { "a failed transaction used again", "25P02", PROBLEM_BUG, OF_CONNECTION },
        { "idle in transaction", "25P03", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "transaction timeout", "25P04", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "what was prepared is gone", "26000", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "may not log in", "28000", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "no such database", "3D000", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "serialization", "40001", PROBLEM_STALE, OF_STATEMENT },
        { "nobody knows", "40003", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "deadlock", "40P01", PROBLEM_STALE, OF_STATEMENT },
        { "a right that is missing", "42501", PROBLEM_BUG, OF_STATEMENT },
        { "no such table", "42P01", PROBLEM_BUG, OF_STATEMENT },
        { "disk full", "53100", PROBLEM_DISK_FULL, OF_STATEMENT },
        { "out of memory", "53200", PROBLEM_UNAVAILABLE, OF_STATEMENT },
        { "too many connections", "53300", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "larger than an index takes", "54000", PROBLEM_MALFORMED, OF_STATEMENT },
        { "a lock that someone holds", "55P03", PROBLEM_UNAVAILABLE, OF_STATEMENT },
        { "statement timeout", "57014", PROBLEM_UNAVAILABLE, OF_STATEMENT },
        { "ended by an administrator", "57P01", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "crashed", "57P02", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "starting up", "57P03", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "database dropped", "57P04", PROBLEM_UNAVAILABLE, OF_SERVER },
        { "idle for too long", "57P05", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "I/O error", "58030", PROBLEM_UNAVAILABLE, OF_STATEMENT },
        { "snapshot too old", "72000", PROBLEM_STALE, OF_STATEMENT },
        { "raised by us", "P0001", PROBLEM_MALFORMED, OF_STATEMENT },
        { "internal error", "XX000", PROBLEM_UNAVAILABLE, OF_CONNECTION },
        { "a class nobody has heard of", "ZZ999", PROBLEM_BUG, OF_STATEMENT },
        { "nothing", "", PROBLEM_BUG, OF_STATEMENT },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct sqlstate *row = sqlstate_find(rows[i].code);
        CHECK_INT(rows[i].name, row->problem, rows[i].problem);
        CHECK_INT(rows[i].name, row->whose, rows[i].whose);
        /* What is nobody's fault here is said in words, where a person looks for why nothing moves. */
        CHECK_INT(rows[i].name, row->words != NULL, row->problem == PROBLEM_UNAVAILABLE || row->problem == PROBLEM_DISK_FULL);
    }
}

/* libpq finds this one before the C library's: a name service that does not answer. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (host && strcmp(host, "hangs.example") == 0) {
        nanosleep(&(struct timespec){ .tv_sec = 2 }, NULL);
        return EAI_AGAIN;
    }
    return real(host, service, hints, out);
}

/* A port on which connections are taken by the kernel and answered by nobody. */
static int silent_port(int *fd)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(address);
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(*fd, 16), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin_port);
}

static void a_database_that_does_not_answer(void **state)
{
    (void)state;
    static const struct {
        const char *name, *host;
        bool refuses;
        int most_ms;
    } rows[] = {
        { "nobody listens", "127.0.0.1", true, 400 },
        { "somebody listens and says nothing", "127.0.0.1", false, 400 },
        { "its name is not found out", "hangs.example", false, 400 },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int fd, port = silent_port(&fd);
        struct arena *a = arena_new();
        if (rows[i].refuses)
            close(fd);
        const struct db_options options = {
            .url = arena_printf(a, "postgresql://%s:%d/tillit?sslmode=disable&gssencmode=disable", rows[i].host, port),
            .role = "tillit_api" };
        struct pool *pool = pool_new(&options, 1);
        int64_t began = clock_steady_ms();
        struct scope s = { .arena = a, .deadline = began + 150 };
        CHECK_INT(rows[i].name, pool_take(&s, pool), PROBLEM_UNAVAILABLE);
        CHECK_INT(rows[i].name, strstr(s.detail, "the database does not answer") == s.detail, 1);
        /* What was begun goes on, and is not begun once more for everybody who asks. */
        s.deadline = clock_steady_ms() + 50;
        CHECK_INT(rows[i].name, pool_take(&s, pool), PROBLEM_UNAVAILABLE);
        CHECK_INT(rows[i].name, clock_steady_ms() - began < rows[i].most_ms, 1);
        if (!rows[i].refuses)
            close(fd);
        pool_free(pool);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(sqlstates), cmocka_unit_test(a_database_that_does_not_answer) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
