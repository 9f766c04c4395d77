#include "attack.h"
#include <sched.h>

int copy_program(const char *path, mode_t mode, uid_t owner) {
    static char buffer[65536];
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (to < 0) return errno;
    int error = program < 0 ? EBADF : 0;
    off_t at = 0;
    for (ssize_t count; !error && (count = pread(program, buffer, sizeof buffer, at)) > 0; at += count)
        if (write(to, buffer, (size_t)count) != count) error = errno ? errno : ENOSPC;
    if (!error && ((owner != (uid_t)-1 && fchown(to, owner, (gid_t)-1)) || fchmod(to, mode))) error = errno;
    close(to);
    if (error) unlink(path);
    return error;
}

int run_program(const char *path, int descriptor, int (*prepare)(void), struct became *became) {
    int answer[2];
    if (pipe(answer)) return errno;
    pid_t child = fork();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", answer[1]);
        char *words[] = {"probe", "become", number, became->ask ? "unshare" : NULL, NULL}, *none[] = {NULL};
        int error = prepare ? prepare() : 0;
        if (!error) {
            if (path) execve(path, words, none);
            else fexecve(descriptor, words, none);
            error = errno;
        }
        _exit(error);
    }
    int error = child < 0 ? errno : 0;
    close(answer[1]);
    char line[128];
    ssize_t length = error ? 0 : read(answer[0], line, sizeof line - 1);
    close(answer[0]);
    if (error) return error;
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    line[length < 0 ? 0 : length] = 0;
    unsigned long long number[3];
    if (numbers_of(line, 16, number, 3) == 3) {
        became->uid = (unsigned)number[0];
        became->effective = number[1];
        became->unshared = (int)number[2];
        return 0;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : -1;
}

int say_what_it_became(const char *descriptor, int ask) {
    struct capabilities sets = {0};
    get_capabilities(&sets);
    unsigned uid = geteuid();
    int error = ask && unshare(CLONE_NEWUSER) ? errno : 0;
    return dprintf(atoi(descriptor), "%x %llx %x\n", uid, sets.effective, error) < 0;
}
