#include "attack.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define BUSY 400000000LL  // nanoseconds

void cpus_cgroup(const char *unused) {
    (void)unused;
    static const struct cgroup_limit limits[] = {{"cpu", "cpu.max", "max"}, {"cpu", "cpu.cfs_quota_us", "-1"}, {0}};
    attack_cgroups(limits, NULL, NULL);
}

void cpus_realtime(const char *unused) {
    (void)unused;
    struct sched_param first = {.sched_priority = 1}, usual = {0};
    // The system call: musl's function answers ENOSYS.
    if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &first)) {
        told(NULL, errno);
        return;
    }
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &usual);
    works(NULL, "SCHED_FIFO");
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void cpus_many(const char *unused) {
    (void)unused;
    long count = sysconf(_SC_NPROCESSORS_ONLN) + 2;
    long long begin = now();
    int error = 0;
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0) {
            while (now() < begin + BUSY) {}
            _exit(0);
        }
        if (child < 0) error = errno;
    }
    while (wait(NULL) > 0 || errno == EINTR) {}
    long long wall = now() - begin;
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    long long time = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    reached((unsigned long long)(time * 1000000LL / wall), outcome(error));
}
