#include "attack.h"
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

// Nanoseconds.
#define BUSY 400000000LL
#define INTERRUPTED 500000LL

void cpus_cgroup(const char *unused) {
    (void)unused;
    static const struct cgroup_limit limits[] = {{"cpu", "cpu.max", "max", NULL}, {"cpu", "cpu.cfs_quota_us", "-1", NULL}, {0}};
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

// The time that the kernel accounts to the children that have ended. A sandbox includes time in which its host did not let it run.
static long long accounted(void) {
    struct rusage use;
    if (getrusage(RUSAGE_CHILDREN, &use)) return LLONG_MAX;
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000LL + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000LL;
}

// How long this process ran: the time between two looks at the clock, unless something else ran in it for longer than INTERRUPTED. On a busy machine
// that counts too much, and in a sandbox there is no other measure: the lesser of the two accounts is reported.
static long long run_until(long long end) {
    long long ran = 0;
    for (long long last = now(), next; last < end; last = next) {
        next = now();
        if (next - last < INTERRUPTED) ran += next - last;
    }
    return ran;
}

void cpus_many(const char *unused) {
    (void)unused;
    long count = sysconf(_SC_NPROCESSORS_ONLN) + 2;
    size_t room = (size_t)count * sizeof(long long);
    long long *ran = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), total = 0;
    if (ran == MAP_FAILED) {
        untried(error_name(errno));
        return;
    }
    int error = 0;
    long long begin = now(), before = accounted();
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0) {
            ran[i] = run_until(begin + BUSY);
            _exit(0);
        }
        if (child < 0) error = errno;
    }
    while (wait(NULL) > 0 || errno == EINTR) {}
    long long wall = now() - begin;
    for (long i = 0; i < count; i++) total += ran[i];
    long long told = accounted();
    if (told != LLONG_MAX && told - before < total) total = told - before;
    reached((unsigned long long)(total * 1000 / wall), outcome(error));
}
