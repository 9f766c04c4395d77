#include "attack.h"
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

#ifdef __x86_64__
void seccomp_int80(const char *unused) {
    (void)unused;
    // unshare is 310 for i386. Where that entry point does not exist, the kernel answers by a signal.
    long gave;
    __asm__ volatile("int $0x80" : "=a"(gave) : "a"(310L), "b"((long)CLONE_NEWUSER), "c"(0L), "d"(0L) : "memory", "r8", "r9", "r10", "r11");
    told(NULL, (int)gave < 0 ? -(int)gave : 0);
}

void seccomp_x32(const char *unused) {
    (void)unused;
    told(NULL, syscall(0x40000000L | SYS_unshare, CLONE_NEWUSER) ? errno : 0);
}
#else
void seccomp_int80(const char *unused) { (void)unused; untried("not on this architecture"); }
void seccomp_x32(const char *unused) { (void)unused; untried("not on this architecture"); }
#endif

// The result of a call that creates a process: the new one ends at once.
static int made(long child) {
    if (child < 0) return errno;
    if (child == 0) _exit(0);
    while (waitpid((pid_t)child, NULL, 0) < 0 && errno == EINTR) {}
    return 0;
}

void seccomp_clone3(const char *unused) {
    (void)unused;
    uint64_t arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    told(NULL, made(syscall(SYS_clone3, arguments, sizeof arguments)));
}

void seccomp_clone(const char *unused) {
    (void)unused;
    told(NULL, made(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
}

static int unshare_one(const void *flags) { return unshare(*(const int *)flags) ? errno : 0; }

void seccomp_unshare(const char *unused) {
    (void)unused;
    static const struct { const char *name; int flags; } kinds[] = {
        {"NEWUSER", CLONE_NEWUSER}, {"NEWNS", CLONE_NEWNS}, {"NEWPID", CLONE_NEWPID}, {"NEWNET", CLONE_NEWNET}, {"NEWIPC", CLONE_NEWIPC},
        {"NEWUTS", CLONE_NEWUTS}, {"NEWCGROUP", CLONE_NEWCGROUP}, {"NEWTIME", 0x80},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) try(kinds[i].name, unshare_one, &kinds[i].flags);
}

void seccomp_io_uring(const char *unused) {
    (void)unused;
    // io_uring_params: all zero asks for the plain ring.
    uint32_t parameters[30] = {0};
    told(NULL, syscall(SYS_io_uring_setup, 4L, parameters) < 0 ? errno : 0);
}

void seccomp_socket_domain(const char *unused) {
    (void)unused;
    static const struct { const char *name; long domain, type, protocol; } kinds[] = {
        {"AF_ALG", 38, SOCK_SEQPACKET, 0}, {"AF_VSOCK", 40, SOCK_STREAM, 0}, {"AF_KEY", 15, SOCK_RAW, 2}, {"AF_TIPC", 30, SOCK_SEQPACKET, 0},
    };
    for (size_t i = 0; i < 2 * sizeof kinds / sizeof kinds[0]; i++) {
        char name[64];
        // The kernel uses 32 bits of the register; a filter that compares all of it sees another domain.
        long high = i & 1 ? 1L << 32 : 0;
        snprintf(name, sizeof name, "%s%s", kinds[i / 2].name, high ? " with high bits" : "");
        int file = (int)syscall(SYS_socket, kinds[i / 2].domain | high, kinds[i / 2].type, kinds[i / 2].protocol);
        told(name, file < 0 ? errno : 0);
        if (file >= 0) close(file);
    }
}

static int in_thread;
static void *clone_there(void *unused) {
    // unshare only affects one thread; clone does not.
    in_thread = made(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    return unused;
}

void seccomp_other_thread(const char *unused) {
    (void)unused;
    pthread_t thread;
    int error = pthread_create(&thread, NULL, clone_there, NULL);
    if (error) untried(error_name(error));
    else {
        pthread_join(thread, NULL);
        told("thread", in_thread);
    }
    struct became became = {.ask = 1};
    error = run_program(NULL, program, NULL, &became);
    if (error) untried(error < 0 ? "the program ended" : error_name(error));
    else told("after execve", became.unshared);
}
