#include "attack.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#define PR_CAP_AMBIENT_SET 47
#define AMBIENT_RAISE 2
#ifndef PTRACE_SEIZE
#define PTRACE_SEIZE 0x4206
#endif

struct header { uint32_t version; int pid; };
struct data { uint32_t effective, permitted, inheritable; };

int get_capabilities(struct capabilities *sets) {
    struct header header = {0x20080522, 0};
    struct data data[2] = {{0}};
    if (syscall(SYS_capget, &header, data)) return errno;
    sets->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
    sets->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    sets->inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
    return 0;
}

int set_capabilities(const struct capabilities *sets) {
    struct header header = {0x20080522, 0};
    struct data data[2];
    for (int i = 0; i < 2; i++)
        data[i] = (struct data){(uint32_t)(sets->effective >> 32 * i), (uint32_t)(sets->permitted >> 32 * i), (uint32_t)(sets->inheritable >> 32 * i)};
    return syscall(SYS_capset, &header, data) ? errno : 0;
}

unsigned long long bounding_set(void) {
    unsigned long long set = 0;
    for (int i = 0; i < 64; i++)
        if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1) set |= 1ULL << i;
    return set;
}

int set_file_capabilities(const char *path, unsigned long long set) {
    // vfs_cap_data, revision 2, with the effective bit.
    uint32_t data[5] = {0x02000001, (uint32_t)set, 0, (uint32_t)(set >> 32), 0};
    return setxattr(path, "security.capability", data, sizeof data, 0) ? errno : 0;
}

const char *mask(unsigned long long set) {
    static char text[24];
    snprintf(text, sizeof text, "%016llx", set);
    return text;
}

void capabilities_user_namespace(const char *unused) {
    (void)unused;
    struct capabilities sets;
    int error = enter_user_namespace(0);
    if (!error) error = get_capabilities(&sets);
    if (error) told(NULL, error);
    else works(NULL, mask(sets.effective));
}

void capabilities_file(const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-attack-caps");
    int error = copy_program(path, 0755, (uid_t)-1);
    if (error) {
        untried(error_name(error));
        return;
    }
    // The kernel does not execute a file with more than the bounding set at all: an attacker asks only for what it contains.
    unsigned long long set = bounding_set();
    struct became became = {0};
    error = set_file_capabilities(path, set ? set : 0x1ffffffffff);
    if (!error) error = run_program(path, -1, NULL, &became);
    unlink(path);
    if (error) refused(NULL, error < 0 ? "ended" : error_name(error));
    else works(NULL, mask(became.effective));
}

static int raise_ambient(void) {
    struct capabilities sets;
    int error = get_capabilities(&sets);
    if (error) return error;
    sets.inheritable |= sets.permitted;
    error = set_capabilities(&sets);
    for (int i = 0; !error && i < 64; i++)
        if (sets.permitted >> i & 1 && prctl(PR_CAP_AMBIENT_SET, AMBIENT_RAISE, i, 0, 0)) error = errno;
    return error;
}

void capabilities_ambient(const char *unused) {
    (void)unused;
    struct became became = {0};
    int error = run_program(NULL, program, raise_ambient, &became);
    if (error) refused(NULL, error < 0 ? "ended" : error_name(error));
    else if (became.effective) works(NULL, mask(became.effective));
    else refused(NULL, "none is permitted");
}

// The effective and permitted sets of another process; 0 where they cannot be read.
static unsigned long long sets_of(long pid) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    FILE *status = fopen(path, "re");
    unsigned long long set = 0, one;
    while (status && fgets(line, sizeof line, status))
        if ((!strncmp(line, "CapPrm:", 7) || !strncmp(line, "CapEff:", 7)) && numbers_of(line + 7, 16, &one, 1)) set |= one;
    if (status) fclose(status);
    return set;
}

// Whether it lives in our user namespace: capabilities in another one only apply to that one. Readable once the process is traced.
static int in_our_user_namespace(long pid) {
    char path[64], own[NAMESPACE_NAME], other[NAMESPACE_NAME];
    snprintf(path, sizeof path, "/proc/%ld/ns/user", pid);
    return !name_of_namespace("/proc/self/ns/user", own) && !name_of_namespace(path, other) && !strcmp(own, other);
}

void capabilities_ptrace(const char *unused) {
    (void)unused;
    struct capabilities own = {0};
    get_capabilities(&own);
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        char name[64];
        long pid = strtol(entry->d_name, NULL, 10);
        unsigned long long more = pid > 0 && pid != getpid() ? sets_of(pid) & ~own.permitted : 0;
        if (!more) continue;
        snprintf(name, sizeof name, "process %ld %s", pid, mask(more));
        // It is not stopped, and released when we end.
        if (ptrace(PTRACE_SEIZE, (pid_t)pid, NULL, NULL)) told(name, errno);
        // A process that drops its capabilities (every runtime's does, before the command) may have dropped them since: its current sets count.
        else if ((more = sets_of(pid) & ~own.permitted) && in_our_user_namespace(pid)) {
            snprintf(name, sizeof name, "process %ld %s", pid, mask(more));
            works(name, "");
            break;
        }
    }
    if (proc) closedir(proc);
    untried("no process with more");
}
