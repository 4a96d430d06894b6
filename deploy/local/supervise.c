/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small supervisor for one machine: starts the programs of a table, restarts what ends, with
 * back-off, and stops all of them on SIGTERM or SIGINT.
 *
 *      tillit-supervise FOLDER TABLE
 *
 * A line of TABLE is a name and a command ("triage build/plain/bin/tillit-triage"), run by sh with
 * exec, last line first stopped. FOLDER gets NAME.pid and NAME.log. Children die with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <stddef.h>

enum {
    MOST = 16,
    FIRST_MS = 100,
    MOST_MS = 5000,
    CALM_MS = 10000, /* alive for so long, the back-off starts anew */
    GRACE_MS = 15000,
};

struct child {
    char name[32];
    char command[4000];
    pid_t pid; /* 0 = not running */
    int64_t started_at;
    int64_t start_at;
    int back_off_ms;
};

struct table {
    const char *folder;
    struct child children[MOST];
    int count;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool read_table(struct table *t, const char *path)
{
    char line[4096];
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    while (t->count < MOST && fgets(line, sizeof(line), file))
        if (sscanf(line, "%31s %3999[^\n]", t->children[t->count].name,
                   t->children[t->count].command) == 2)
            t->count++;
    fclose(file);
    return t->count > 0;
}

/* Written beside and renamed: a reader never sees half a number. */
static void write_pid(const struct table *t, const struct child *c)
{
    char path[512], beside[520];
    snprintf(path, sizeof(path), "%s/%s.pid", t->folder, c->name);
    snprintf(beside, sizeof(beside), "%s.new", path);
    FILE *file = fopen(beside, "we");
    if (!file)
        return;
    fprintf(file, "%d\n", (int)c->pid);
    fclose(file);
    rename(beside, path);
}

static void become(const struct table *t, const struct child *c)
{
    char path[512], script[4100];
    sigset_t none;
    snprintf(path, sizeof(path), "%s/%s.log", t->folder, c->name);
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0); /* a terminal's Ctrl-C reaches the supervisor only, which stops all in order */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    snprintf(script, sizeof(script), "exec %s", c->command);
    execl("/bin/sh", "sh", "-c", script, (char *)NULL);
    _exit(127);
}

static void start(const struct table *t, struct child *c)
{
    c->pid = fork();
    if (c->pid == 0)
        become(t, c);
    c->started_at = now_ms();
    write_pid(t, c);
}

static void start_due(struct table *t)
{
    for (int i = 0; i < t->count; i++)
        if (!t->children[i].pid && now_ms() >= t->children[i].start_at)
            start(t, &t->children[i]);
}

static void plan_restart(struct child *c, int status)
{
    bool calm = now_ms() - c->started_at > CALM_MS;
    c->back_off_ms = calm || !c->back_off_ms ? FIRST_MS : c->back_off_ms * 2;
    if (c->back_off_ms > MOST_MS)
        c->back_off_ms = MOST_MS;
    c->start_at = now_ms() + c->back_off_ms;
    if (WIFSIGNALED(status))
        printf("%s ended by signal %d; again in %d ms\n", c->name, WTERMSIG(status), c->back_off_ms);
    else
        printf("%s ended with status %d; again in %d ms\n", c->name, WEXITSTATUS(status),
               c->back_off_ms);
    fflush(stdout);
}

/* Buries who has ended; returns how many still run. */
static int reap(struct table *t, bool restart)
{
    int status, running = 0;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < t->count; i++)
            if (t->children[i].pid == pid) {
                t->children[i].pid = 0;
                if (restart)
                    plan_restart(&t->children[i], status);
            }
    for (int i = 0; i < t->count; i++)
        running += t->children[i].pid != 0;
    return running;
}

static void signal_all(const struct table *t, int number)
{
    for (int i = t->count; i-- > 0;)
        if (t->children[i].pid)
            kill(t->children[i].pid, number);
}

static void stop_all(struct table *t, const sigset_t *signals)
{
    int64_t deadline = now_ms() + GRACE_MS;
    signal_all(t, SIGTERM);
    while (reap(t, false) > 0) {
        if (now_ms() > deadline)
            signal_all(t, SIGKILL);
        sigtimedwait(signals, NULL, &(struct timespec){ .tv_nsec = 50 * 1000000 });
    }
}

int main(int argc, char **argv)
{
    struct table t = { 0 };
    sigset_t signals;
    bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
    if (help || argc != 3 || (t.folder = argv[1], !read_table(&t, argv[2]))) {
        fprintf(help ? stdout : stderr, "usage: tillit-supervise FOLDER TABLE\n");
        return help ? 0 : 2;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    for (;;) {
        start_due(&t);
        int number = sigtimedwait(&signals, NULL, &(struct timespec){ .tv_nsec = 100 * 1000000 });
        if (number == SIGTERM || number == SIGINT)
            break;
        reap(&t, true);
    }
    stop_all(&t, &signals);
    return 0;
}
