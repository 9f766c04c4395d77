#include "attack.h"
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

// A filter is asked when a call begins. A tracer that is stopped there may put another call in its place, which a kernel has to check against the filter
// again (seccomp(2), "SECCOMP_RET_TRACE").

#ifdef __x86_64__
static _Noreturn void be_traced(void) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL)) _exit(errno);
    raise(SIGSTOP);
    // Allowed by every filter; the tracer turns it into another call.
    _exit(syscall(SYS_getppid, (long)CLONE_NEWUSER) == 0 ? 0 : EPERM);
}

static int change_call(pid_t child) {
    int status;
    for (int changed = 0;;) {
        if (waitpid(child, &status, 0) < 0) return errno;
        if (WIFEXITED(status)) return WEXITSTATUS(status);
        if (!WIFSTOPPED(status)) return EINTR;
        struct user_regs_struct registers;
        if (!changed && ptrace(PTRACE_GETREGS, child, NULL, &registers) == 0 && registers.orig_rax == SYS_getppid) {
            registers.orig_rax = SYS_unshare;
            if (ptrace(PTRACE_SETREGS, child, NULL, &registers)) return errno;
            changed = 1;
        }
        if (ptrace(PTRACE_SYSCALL, child, NULL, NULL)) return errno;
    }
}

void seccomp_tracer(const char *unused) {
    (void)unused;
    pid_t child = fork();
    if (child == 0) be_traced();
    told(NULL, child < 0 ? errno : change_call(child));
}
#else
void seccomp_tracer(const char *unused) { (void)unused; untried("not on this architecture"); }
#endif
