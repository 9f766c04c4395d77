#include "probe.h"
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

struct place { const char *directory; };

static int make_file(const char *path, mode_t mode, const void *content, size_t length) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    int error = write(file, content, length) == (ssize_t)length && fchmod(file, mode) == 0 ? 0 : errno ? errno : ENOSPC;
    close(file);
    return error;
}

// A file that is not a program: the kernel refuses it for its mount (EACCES) before it looks at its format (ENOEXEC).
static int try_exec(const void *argument) {
    char path[PATH_MAX];
    below(path, ((const struct place *)argument)->directory, ".podspawn-probe-exec");
    int error = make_file(path, 0755, "no program\n", 11);
    if (!error) {
        execl(path, path, (char *)NULL);
        error = errno;
    }
    unlink(path);
    return error;
}

static void say_device(const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-probe-device");
    if (mknod(path, S_IFCHR | 0600, makedev(1, 3))) {
        say("tmpfs", directory, "device", "untried", error_name(errno), NULL);
        return;
    }
    int device = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    say("tmpfs", directory, "device", device < 0 ? error_name(errno) : "ok", NULL);
    if (device >= 0) close(device);
    unlink(path);
}

// A copy of this program that belongs to another user and has the set-user-id bit.
static int copy_self(const char *path) {
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (from < 0) return errno;
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (to < 0) {
        close(from);
        return errno;
    }
    static char buffer[65536];
    int error = 0;
    for (ssize_t count; !error && (count = read(from, buffer, sizeof buffer)) > 0;)
        if (write(to, buffer, (size_t)count) != count) error = ENOSPC;
    if (!error && (fchown(to, STRANGER, (gid_t)-1) || fchmod(to, 04755))) error = errno;
    close(from);
    close(to);
    return error;
}

static int run_copy(const void *path) {
    execl(path, path, "whoami", (char *)NULL);
    return errno;
}

static void say_setuid(const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-probe-setuid");
    int error = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? EPERM : copy_self(path);
    if (error) {
        say("tmpfs", directory, "setuid", "untried", error_name(error), NULL);
    } else {
        say("tmpfs", directory, "setuid", "follows", NULL);
        int result = in_child(run_copy, path);
        if (result) say("whoami", child_outcome(result), NULL);
    }
    unlink(path);
}

static void fill(const char *directory, unsigned long long most) {
    static char block[4096];
    char path[PATH_MAX], text[24];
    memset(block, 'x', sizeof block);
    below(path, directory, ".podspawn-probe-fill");
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        say("tmpfs", directory, "fill", "0", error_name(errno), NULL);
        return;
    }
    unsigned long long total = 0;
    int error = 0;
    while (!error && total < most) {
        ssize_t count = write(file, block, sizeof block);
        if (count < 0) error = errno;
        else total += (unsigned long long)count;
    }
    close(file);
    unlink(path);
    snprintf(text, sizeof text, "%llu", total);
    say("tmpfs", directory, "fill", text, outcome(error), NULL);
}

void look_at_tmpfs(const char *path, const char *most) {
    struct statfs space;
    struct statvfs mount;
    struct stat facts;
    if (statfs(path, &space) || statvfs(path, &mount) || stat(path, &facts)) {
        say("tmpfs", path, "error", error_name(errno), NULL);
        return;
    }
    char type[24], bytes[24], inodes[24], mode[8], uid[16], gid[16], flags[64];
    snprintf(type, sizeof type, "%lx", (unsigned long)space.f_type);
    snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)space.f_blocks * (unsigned long long)space.f_bsize);
    snprintf(inodes, sizeof inodes, "%llu", (unsigned long long)space.f_files);
    snprintf(mode, sizeof mode, "%o", facts.st_mode & 07777);
    snprintf(uid, sizeof uid, "%u", facts.st_uid);
    snprintf(gid, sizeof gid, "%u", facts.st_gid);
    snprintf(flags, sizeof flags, "%s%s%s%s", mount.f_flag & ST_RDONLY ? "ro" : "rw", mount.f_flag & ST_NOEXEC ? ",noexec" : "",
             mount.f_flag & ST_NOSUID ? ",nosuid" : "", mount.f_flag & ST_NODEV ? ",nodev" : "");
    say("tmpfs", path, "mount", type, bytes, inodes, mode, uid, gid, flags, NULL);
    struct place place = {path};
    say("tmpfs", path, "exec", child_outcome(in_child(try_exec, &place)), NULL);
    say_device(path);
    say_setuid(path);
    fill(path, strtoull(most, NULL, 10));
}
