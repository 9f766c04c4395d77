#include "probe.h"
#include <stdarg.h>

static size_t escape(char *to, size_t room, const char *text) {
    size_t used = 0;
    for (; *text && used + 5 < room; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || c == '\\' || c == 127) used += (size_t)snprintf(to + used, room - used, "\\%03o", c);
        else to[used++] = (char)c;
    }
    return used;
}

void say(const char *topic, ...) {
    char line[4 * PATH_MAX];
    size_t used = escape(line, sizeof line, topic);
    va_list fields;
    va_start(fields, topic);
    for (const char *field; (field = va_arg(fields, const char *)) && used + 2 < sizeof line;) {
        line[used++] = '\t';
        used += escape(line + used, sizeof line - used - 1, field);
    }
    va_end(fields);
    line[used++] = '\n';
    // Unbuffered: what was observed before the container died must be reported.
    for (size_t done = 0; done < used;) {
        ssize_t wrote = write(1, line + done, used - done);
        if (wrote < 0 && errno != EINTR) _exit(3);
        if (wrote > 0) done += (size_t)wrote;
    }
}

const char *error_name(int error) {
    static const struct { int error; const char *name; } names[] = {
        {EPERM, "EPERM"}, {ENOENT, "ENOENT"}, {EIO, "EIO"}, {ENXIO, "ENXIO"}, {ENOEXEC, "ENOEXEC"}, {EBADF, "EBADF"}, {EAGAIN, "EAGAIN"},
        {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"}, {EFAULT, "EFAULT"}, {EBUSY, "EBUSY"}, {EEXIST, "EEXIST"}, {ENODEV, "ENODEV"},
        {ENOTDIR, "ENOTDIR"}, {EISDIR, "EISDIR"}, {EINVAL, "EINVAL"}, {EMFILE, "EMFILE"}, {ENOSPC, "ENOSPC"}, {EROFS, "EROFS"},
        {ENOSYS, "ENOSYS"}, {ELOOP, "ELOOP"}, {ENOKEY, "ENOKEY"}, {EAFNOSUPPORT, "EAFNOSUPPORT"}, {EADDRINUSE, "EADDRINUSE"},
        {EADDRNOTAVAIL, "EADDRNOTAVAIL"}, {EPROTONOSUPPORT, "EPROTONOSUPPORT"}, {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT"},
        {EOPNOTSUPP, "EOPNOTSUPP"}, {EDQUOT, "EDQUOT"}, {ESRCH, "ESRCH"}, {EXDEV, "EXDEV"}, {ECHILD, "ECHILD"}, {EUSERS, "EUSERS"},
        {ETXTBSY, "ETXTBSY"}, {ENAMETOOLONG, "ENAMETOOLONG"}, {ECONNREFUSED, "ECONNREFUSED"}, {ENOTTY, "ENOTTY"}, {EPROTOTYPE, "EPROTOTYPE"}, {EPROTO, "EPROTO"},
        {ENFILE, "ENFILE"}, {ENOTBLK, "ENOTBLK"}, {ENOTSUP, "ENOTSUP"}, {EFBIG, "EFBIG"}, {EINTR, "EINTR"}, {EOVERFLOW, "EOVERFLOW"}, {ENOMEDIUM, "ENOMEDIUM"},
        {EIDRM, "EIDRM"}, {EKEYEXPIRED, "EKEYEXPIRED"}, {EKEYREVOKED, "EKEYREVOKED"}, {EPIPE, "EPIPE"}, {ENOTCONN, "ENOTCONN"}, {ENOPKG, "ENOPKG"},
        {ETIMEDOUT, "ETIMEDOUT"}, {EALREADY, "EALREADY"}, {ENOTEMPTY, "ENOTEMPTY"}, {EMLINK, "EMLINK"}, {ENODATA, "ENODATA"},
    };
    static char number[16];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].error == error) return names[i].name;
    snprintf(number, sizeof number, "%d", error);
    return number;
}

const char *outcome(int error) { return error ? error_name(error) : "ok"; }

void below(char path[PATH_MAX], const char *directory, const char *name) {
    snprintf(path, PATH_MAX, "%s/%s", !strcmp(directory, "/") ? "" : directory, name);
}

int in_child(int (*attempt)(const void *), const void *argument) {
    pid_t child = fork();
    if (child < 0) return SELF_FAILED + errno;
    if (child == 0) _exit(attempt(argument));
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return SELF_FAILED + errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

const char *child_outcome(int result) {
    static char text[32];
    if (result >= SELF_FAILED) snprintf(text, sizeof text, "untried fork %s", error_name(result - SELF_FAILED));
    else if (result < 0) snprintf(text, sizeof text, "signal %d", -result);
    else return outcome(result);
    return text;
}
