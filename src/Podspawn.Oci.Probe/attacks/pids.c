#include "attack.h"
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

static void breed_and_tell(unsigned long long tasks, const char *most) {
    int error;
    reached(tasks, "ok");
    unsigned long long number = breed(tasks, amount(most, NULL), &error);
    reached(number, outcome(error));
}

void pids_user_namespace(const char *most) {
    pid_t before = getpid();
    int error = enter_user_namespace(0);
    if (error) told(NULL, error);
    else breed_and_tell(OWN_TASKS + (getpid() != before), most);
}

void pids_pid_namespace(const char *most) {
    pid_t before = getpid();
    int error = unshare(CLONE_NEWPID) ? errno : 0;
    // A process that may not create one alone may create it together with a user namespace.
    if (error && enter_user_namespace(CLONE_NEWPID)) told(NULL, error);
    else breed_and_tell(OWN_TASKS + (getpid() != before), most);
}

void pids_rlimit(const char *most) {
    struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_NPROC, &none)) told(NULL, errno);
    else breed_and_tell(OWN_TASKS, most);
}

#define IDS 5
#define FIRST_ID 64101

struct shared {
    volatile unsigned long long number;
    volatile int error, refused;
};

static void *share(void) { return mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); }

// One id after the other; no process ends before all ids were tried.
void pids_user_ids(const char *most) {
    struct shared *shared = share();
    int done[2];
    if (shared == MAP_FAILED || pipe(done)) {
        untried(error_name(errno));
        return;
    }
    unsigned long long total = OWN_TASKS;
    int last = 0;
    for (unsigned i = 0; i < IDS; i++) {
        pid_t child = fork();
        if (child < 0) {
            last = errno;
            break;
        }
        if (child == 0) {
            shared->refused = setresuid(FIRST_ID + i, FIRST_ID + i, FIRST_ID + i) ? errno : 0;
            shared->number = 1;
            int error = 0;
            if (!shared->refused) reached(total + 1, "ok");
            if (!shared->refused) shared->number = breed(1, amount(most, NULL), &error);
            shared->error = error;
            if (write(done[1], "x", 1) == 1 && !shared->refused) stay();
            _exit(0);
        }
        char x;
        while (read(done[0], &x, 1) < 0 && errno == EINTR) {}
        if (shared->refused) {
            told(NULL, shared->refused);
            return;
        }
        total += shared->number;
        if (shared->error) last = shared->error;
    }
    reached(total, outcome(last));
}

static void *idle(void *unused) {
    for (;;) pause();
    return unused;
}

void pids_threads(const char *most) {
    unsigned long long tasks = OWN_TASKS, wanted = amount(most, NULL);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    int error = 0;
    reached(tasks, "ok");
    for (pthread_t thread; tasks < wanted && !(error = pthread_create(&thread, &small, idle, NULL));) result->number = ++tasks;
    reached(tasks, outcome(error));
}

void pids_double_fork(const char *most) {
    struct shared *shared = share();
    unsigned long long wanted = amount(most, NULL), tasks = OWN_TASKS;
    if (shared == MAP_FAILED) {
        untried(error_name(errno));
        return;
    }
    pid_t *orphans = calloc(wanted + 1, sizeof *orphans);
    int error = orphans ? 0 : ENOMEM;
    reached(tasks, "ok");
    for (; !error && tasks < wanted; tasks++) {
        pid_t child = fork();
        if (child == 0) {
            pid_t orphan = fork();
            if (orphan == 0) stay();
            shared->error = orphan < 0 ? errno : 0;
            shared->number = (unsigned long long)orphan;
            _exit(0);
        }
        if (child < 0) error = errno;
        else {
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
            error = shared->error;
        }
        if (error) break;
        orphans[tasks] = (pid_t)shared->number;
        result->number++;
    }
    unsigned long long alive = OWN_TASKS;
    for (unsigned long long i = OWN_TASKS; orphans && i < tasks; i++)
        if (!kill(orphans[i], 0)) alive++;
    reached(alive, outcome(error));
}

static int breed_beyond(const void *most) {
    int error;
    breed_and_end(OWN_TASKS + 1, amount(most, NULL), &error);
    return error;
}

void pids_cgroup(const char *most) {
    static const struct cgroup_limit limits[] = {{"pids", "pids.max", "max", NULL}, {0}};
    attack_cgroups(limits, breed_beyond, most);
}
