#include "attack.h"
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define ATTRIBUTE_OPTIONS 0xf  // read-only, nosuid, nodev, noexec

struct mount_attributes { uint64_t set, clear, propagation, user_namespace; };

int make_and_remove(const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-attack");
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    close(file);
    return unlink(path) ? errno : 0;
}

int lift_options(const char *path) {
    if (!mount(NULL, path, NULL, MS_REMOUNT | MS_BIND, NULL)) return 0;
    int error = errno;
    struct mount_attributes attributes = {0, ATTRIBUTE_OPTIONS, 0, 0};
    return syscall(SYS_mount_setattr, AT_FDCWD, path, 0, &attributes, sizeof attributes) ? error : 0;
}

void restore_options(const char *path, unsigned long flags) {
    unsigned long options = (flags & ST_RDONLY ? MS_RDONLY : 0) | (flags & ST_NOSUID ? MS_NOSUID : 0) | (flags & ST_NODEV ? MS_NODEV : 0) |
                            (flags & ST_NOEXEC ? MS_NOEXEC : 0) | (flags & ST_NOATIME ? MS_NOATIME : 0) | (flags & ST_RELATIME ? MS_RELATIME : 0);
    mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | options, NULL);
}
