#include "attack.h"
#include <dirent.h>
#include <sched.h>
#include <stddef.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#define MOST_NAMESPACES 64

static int enter(const void *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file < 0 || setns(file, 0) ? errno : 0;
}

int name_of_namespace(const char *path, char name[NAMESPACE_NAME]) {
    ssize_t length = readlink(path, name, NAMESPACE_NAME - 1);
    name[length < 0 ? 0 : length] = 0;
    return length < 0 ? errno : 0;
}

void namespaces_setns(const char *unused) {
    (void)unused;
    static const char *const kinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"};
    char seen[MOST_NAMESPACES][NAMESPACE_NAME];
    size_t count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char own[64];
        snprintf(own, sizeof own, "/proc/self/ns/%s", kinds[i]);
        if (!name_of_namespace(own, seen[count])) count++;
    }
    size_t ours = count;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        if (*entry->d_name < '1' || *entry->d_name > '9') continue;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && count < MOST_NAMESPACES; i++) {
            char path[320];
            size_t known = 0;
            snprintf(path, sizeof path, "/proc/%s/ns/%s", entry->d_name, kinds[i]);
            int error = name_of_namespace(path, seen[count]);
            // It exists, and cannot be examined.
            if (error == EACCES || error == EPERM) {
                told(path, error);
                break;
            }
            while (known < count && strcmp(seen[known], seen[count])) known++;
            if (error || known < count) continue;
            count++;
            try(path, enter, path);
        }
    }
    if (proc) closedir(proc);
    if (count == ours) untried("there is no other namespace");
}

void namespaces_abstract_socket(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length > sizeof address.sun_path - 1) {
        untried(error_name(ENAMETOOLONG));
        return;
    }
    memcpy(address.sun_path + 1, name, length);
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    int error = 0;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        int one = socket(AF_UNIX, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        error = one < 0 || connect(one, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) ? errno : 0;
        if (one >= 0) close(one);
        // EPROTOTYPE: it exists, and is of another type.
        if (error != EPROTOTYPE) break;
    }
    told(NULL, error);
}

void namespaces_keyring(const char *name) {
    static const struct { const char *name; long ring; } rings[] = {{"session", -3}, {"user", -4}, {"user session", -5}};
    char content[64];
    // The user's keyring is shared by all sessions: a process that links it into its own session has access to its keys.
    int linked = !syscall(SYS_keyctl, 8L, -4L, -3L);
    for (size_t i = 0; i < sizeof rings / sizeof rings[0]; i++) {
        long key = syscall(SYS_keyctl, 10L, rings[i].ring, "user", name, 0L);
        if (key >= 0 && syscall(SYS_keyctl, 11L, key, content, sizeof content) < 0) key = -1;
        told(rings[i].name, key < 0 ? errno : 0);
    }
    if (linked) syscall(SYS_keyctl, 9L, -4L, -3L);
    told("request_key", syscall(SYS_request_key, "user", name, NULL, 0L) < 0 ? errno : 0);
}

void namespaces_sysv(const char *key) { told(NULL, shmget((key_t)strtoul(key, NULL, 0), 0, 0) < 0 ? errno : 0); }

void namespaces_posix_shm(const char *name) {
    char path[PATH_MAX];
    below(path, "/dev/shm", name);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    told("shared memory", file < 0 ? errno : 0);
    long queue = syscall(SYS_mq_open, name, O_RDONLY | O_CLOEXEC, 0L, NULL);
    told("message queue", queue < 0 ? errno : 0);
}

void namespaces_parent_process(const char *text) {
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    char path[64];
    if (pid <= 1 || pid == getpid() || pid == getppid()) {
        untried("the number is one of ours");
        return;
    }
    // EPERM: it exists, and belongs to another user.
    told("signal", kill(pid, 0) && errno != EPERM ? errno : 0);
    snprintf(path, sizeof path, "/proc/%d", pid);
    int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    told("/proc", file < 0 ? errno : 0);
}
