#include "probe.h"
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

// The calls that each capability permits, tried for real. Each attempt returns 0 or the errno, and undoes its effect.

static int try_chown(const void *unused) {
    (void)unused;
    // A file without a name: there may be no directory in which one with a name can be created.
    int file = memfd_create("owned", 0);
    if (file < 0) return errno;
    return fchown(file, STRANGER, (gid_t)-1) ? errno : 0;
}

static int try_setuid(const void *unused) {
    (void)unused;
    return setresuid(STRANGER, STRANGER, STRANGER) ? errno : 0;
}

static int try_bind(const void *unused) {
    (void)unused;
    int one = socket(AF_INET, SOCK_STREAM, 0);
    if (one < 0) return errno;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(81)};
    if (bind(one, (struct sockaddr *)&address, sizeof address) == 0) return 0;
    // The port is in use, which is checked only after the permission to bind it.
    return errno == EADDRINUSE ? 0 : errno;
}

static int try_raw_socket(const void *unused) {
    (void)unused;
    return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 ? errno : 0;
}

static int try_mount(const void *directory) {
    if (mount("none", directory, "tmpfs", 0, NULL)) return errno;
    return umount2(directory, MNT_DETACH) ? errno : 0;
}

static int try_mknod(const void *unused) {
    (void)unused;
    // /dev is the container's own, and exists with a read-only root too.
    const char *path = "/dev/.podspawn-probe";
    if (mknod(path, S_IFCHR | 0600, makedev(1, 3))) return errno;
    return unlink(path) ? errno : 0;
}

static int try_chroot(const void *unused) {
    (void)unused;
    return chroot("/") ? errno : 0;
}

static const char *try_ptrace(void) {
    int changed[2], stay[2];
    if (pipe(changed) || pipe(stay)) return error_name(errno);
    pid_t target = fork();
    if (target < 0) return "untried fork failed";
    if (target == 0) {
        char x;
        close(changed[0]);
        close(stay[1]);
        if (setresgid(STRANGER, STRANGER, STRANGER) || setresuid(STRANGER, STRANGER, STRANGER)) _exit(1);
        if (write(changed[1], "x", 1) != 1) _exit(1);
        // It ends by itself when its parent wants it to: killing another user's process needs another capability.
        while (read(stay[0], &x, 1) < 0 && errno == EINTR) {}
        _exit(0);
    }
    close(changed[1]);
    close(stay[0]);
    char x;
    const char *result;
    if (read(changed[0], &x, 1) != 1) result = "untried no other user";
    else if (ptrace(PTRACE_ATTACH, target, NULL, NULL)) result = error_name(errno);
    else {
        waitpid(target, NULL, 0);
        ptrace(PTRACE_DETACH, target, NULL, NULL);
        result = "ok";
    }
    close(changed[0]);
    close(stay[1]);
    waitpid(target, NULL, 0);
    return result;
}

void try_privileged_calls(const char *directory) {
    static const struct { const char *name; int (*attempt)(const void *); } calls[] = {
        {"chown", try_chown}, {"setuid", try_setuid}, {"bind", try_bind}, {"raw_socket", try_raw_socket},
        {"mount", try_mount}, {"mknod", try_mknod}, {"chroot", try_chroot},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        say("call", calls[i].name, child_outcome(in_child(calls[i].attempt, directory)), NULL);
    say("call", "ptrace", try_ptrace(), NULL);
}
