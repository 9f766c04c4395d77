#include "probe.h"
#include <sys/mman.h>
#include <sys/resource.h>

static void say_numbers(const char *topic, long long number, const char *error, const char *more) {
    char text[24];
    snprintf(text, sizeof text, "%lld", number);
    say(topic, text, error, more, NULL);
}

void fork_to_the_limit(const char *most_text) {
    long most = strtol(most_text, NULL, 10), tasks = 1;
    pid_t *children = calloc((size_t)most + 1, sizeof *children);
    if (!children) {
        say("pids", "0", error_name(ENOMEM), "dead", NULL);
        return;
    }
    int error = 0;
    while (tasks < most) {
        pid_t child = fork();
        if (child < 0) {
            error = errno;
            break;
        }
        if (child == 0)
            for (;;) pause();
        children[tasks++] = child;
    }
    // At the largest number: reported first, since not every sandbox survives it.
    say_numbers("pids", tasks, outcome(error), NULL);
    for (long i = 1; i < tasks; i++) kill(children[i], SIGKILL);
    for (long i = 1; i < tasks; i++) waitpid(children[i], NULL, 0);
    free(children);
    pid_t again = most > 1 ? fork() : 0;
    if (again == 0 && most > 1) _exit(0);
    if (again > 0) waitpid(again, NULL, 0);
    say("pids_after", again < 0 ? error_name(errno) : "ok", NULL);
}

void fill_memory(const char *bytes_text) {
    unsigned long long most = strtoull(bytes_text, NULL, 10);
    const size_t step = 1 << 20;
    unsigned long long *touched = mmap(NULL, sizeof *touched, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (touched == MAP_FAILED) {
        say("memory", "0", error_name(errno), NULL);
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        while (*touched < most) {
            char *more = mmap(NULL, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
            if (more == MAP_FAILED) _exit(errno);
            memset(more, 'x', step);
            *touched += step;
        }
        _exit(0);
    }
    int status = 0;
    if (child < 0) {
        say("memory", "0", error_name(errno), NULL);
        return;
    }
    waitpid(child, &status, 0);
    say_numbers("memory", (long long)*touched,
                child_outcome(WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status)), NULL);
}

static void say_limit(const char *name, int resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit)) return;
    char soft[24], hard[24];
    snprintf(soft, sizeof soft, "%llu", (unsigned long long)limit.rlim_cur);
    snprintf(hard, sizeof hard, "%llu", (unsigned long long)limit.rlim_max);
    say("process_limit", name, limit.rlim_cur == RLIM_INFINITY ? "unlimited" : soft, limit.rlim_max == RLIM_INFINITY ? "unlimited" : hard, NULL);
}

void look_at_process_limits(void) {
    static const struct { const char *name; int resource; } all[] = {
        {"CPU", RLIMIT_CPU}, {"FSIZE", RLIMIT_FSIZE}, {"DATA", RLIMIT_DATA}, {"STACK", RLIMIT_STACK}, {"CORE", RLIMIT_CORE}, {"RSS", RLIMIT_RSS},
        {"NPROC", RLIMIT_NPROC}, {"NOFILE", RLIMIT_NOFILE}, {"MEMLOCK", RLIMIT_MEMLOCK}, {"AS", RLIMIT_AS}, {"LOCKS", RLIMIT_LOCKS},
        {"SIGPENDING", RLIMIT_SIGPENDING}, {"MSGQUEUE", RLIMIT_MSGQUEUE}, {"NICE", RLIMIT_NICE}, {"RTPRIO", RLIMIT_RTPRIO}, {"RTTIME", RLIMIT_RTTIME},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) say_limit(all[i].name, all[i].resource);
}
