/*
 * Stands between a runtime's exec and the command, so that the working directory is one that was opened before, and not a path that the
 * container can change until the runtime enters it (CVE-2024-21626). The runtime starts this program in the root; it enters the directory by its
 * descriptor, when everything that the runtime had open is closed, and closes the descriptors before the command can see them.
 *
 *   shim launch COUNT DIRECTORY REPORT RUNTIME ARGUMENT...
 *     On the host. Puts itself, REPORT and DIRECTORY at the descriptors that the runtime preserves, after COUNT ones that the command keeps, and
 *     becomes the runtime.
 *   shim enter COUNT LIMIT COMMAND ARGUMENT...
 *     In the container, with the hardening of the command already in force: no call here that a narrow filter would refuse, but for LIMIT.
 *     That is "-", or SOFT:HARD for the number of open files, which some releases of runc get wrong now and then.
 *     Becomes the command; writes to REPORT why it cannot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ExecShim.cs has the same numbers. */
enum { FIRST = 3, SELF = 0, REPORT = 1, DIRECTORY = 2, OWN = 3, MOST = 1000 };
enum stage { STAGE_DIRECTORY = 1, STAGE_COMMAND = 2, STAGE_LIMIT = 3 };
enum { FAILED = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

struct report {
    int stage;
    int error;
};

extern char **environ;

/* The number of the first of our own descriptors. */
static int base;

static int of(int own) { return base + own; }

static _Noreturn void fail(enum stage stage, int error, int status)
{
    const struct report report = {stage, error};
    ssize_t written = write(of(REPORT), &report, sizeof report);
    (void)written;
    _exit(status);
}

/* Above the numbers that are to be filled, so that none is overwritten before it is copied. */
static int open_above(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    return fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, of(OWN));
}

static int launch(char **words)
{
    const int self = open_above("/proc/self/exe", O_RDONLY);
    const int directory = open_above(words[0], O_PATH | O_DIRECTORY);
    const int report = open_above(words[1], O_WRONLY);
    if (self < 0 || directory < 0 || report < 0)
        return FAILED;
    if (dup2(self, of(SELF)) < 0 || dup2(report, of(REPORT)) < 0 || dup2(directory, of(DIRECTORY)) < 0)
        return FAILED;
    execv(words[2], words + 2);
    return FAILED;
}

/* Enters the directory. The kernel names a directory that is not below the process's root by a path that does not begin with a slash (getcwd(2)). */
static int enter_directory(void)
{
    static char path[PATH_MAX];
    if (fchdir(of(DIRECTORY)) < 0)
        return errno;
    if (syscall(SYS_getcwd, path, sizeof path) < 0)
        return errno;
    return path[0] == '/' ? 0 : EXDEV;
}

/* As execvp(3) would, but without its fallback to a shell and without a path of its own: as the runtimes do. */
static int execute(char **words)
{
    const char *command = words[0];
    if (strchr(command, '/') != NULL) {
        execve(command, words, environ);
        return errno;
    }
    int error = ENOENT;
    for (const char *at = getenv("PATH"); at != NULL && *command != '\0';) {
        static char path[PATH_MAX];
        const size_t length = strcspn(at, ":"), name = strlen(command);
        if (length + name + 3 <= sizeof path) {
            memcpy(path, at, length);
            const size_t start = length == 0 ? 1 : length;
            if (length == 0)
                path[0] = '.';
            path[start] = '/';
            memcpy(path + start + 1, command, name + 1);
            execve(path, words, environ);
            if (errno == EACCES)
                error = EACCES;
            else if (errno != ENOENT && errno != ENOTDIR)
                return errno;
        }
        at = at[length] == ':' ? at + length + 1 : NULL;
    }
    return error;
}

static int limit_open_files(const char *words)
{
    if (strcmp(words, "-") == 0)
        return 0;
    char *end;
    const rlim_t soft = strtoull(words, &end, 10);
    if (*end != ':')
        return EINVAL;
    const struct rlimit asked = {soft, strtoull(end + 1, NULL, 10)};
    struct rlimit found;
    if (getrlimit(RLIMIT_NOFILE, &found) == 0 && found.rlim_cur == asked.rlim_cur && found.rlim_max == asked.rlim_max)
        return 0;
    return setrlimit(RLIMIT_NOFILE, &asked) == 0 ? 0 : errno;
}

static _Noreturn void enter(const char *limit, char **words)
{
    if (fcntl(of(REPORT), F_SETFD, FD_CLOEXEC) < 0)
        fail(STAGE_COMMAND, errno, FAILED);
    const int unlimited = limit_open_files(limit);
    if (unlimited != 0)
        fail(STAGE_LIMIT, unlimited, FAILED);
    const int error = enter_directory();
    if (error != 0)
        fail(STAGE_DIRECTORY, error, FAILED);
    close(of(SELF));
    close(of(DIRECTORY));
    const int refused = execute(words);
    fail(STAGE_COMMAND, refused, refused == ENOENT || refused == ENOTDIR ? NOT_FOUND : NOT_EXECUTABLE);
}

int main(int count, char **words)
{
    if (count < 4)
        return FAILED;
    const int kept = atoi(words[2]);
    if (kept < 0 || kept > MOST)
        return FAILED;
    base = FIRST + kept;
    if (count >= 6 && strcmp(words[1], "launch") == 0)
        return launch(words + 3);
    if (count >= 5 && strcmp(words[1], "enter") == 0)
        enter(words[3], words + 4);
    return FAILED;
}
