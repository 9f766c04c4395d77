#include "attack.h"
#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

// Other ways to a path of /proc or /sys that is masked, or mounted read-only. Nothing is ever written there: being able to open it is enough.

#define MASKED 200  // beyond the errnos

struct target {
    const char *path;
    int writing, user;
};

// 0 where something can be read.
static int try_to_read(const char *path) {
    struct stat facts;
    if (stat(path, &facts)) return errno;
    if (S_ISDIR(facts.st_mode)) {
        DIR *directory = opendir(path);
        if (!directory) return errno;
        int entries = 0;
        while (readdir(directory)) entries++;
        closedir(directory);
        return entries > 2 ? 0 : MASKED;
    }
    if (S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3)) return MASKED;
    char x;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return errno;
    ssize_t count = read(file, &x, 1);
    int error = count < 0 ? errno : count ? 0 : MASKED;
    close(file);
    return error;
}

// Opens the first file below that its mode lets us write. EROFS ends the search: the mount refuses all of them.
static int open_below(const char *path, int depth, int *left) {
    struct stat facts;
    if (lstat(path, &facts)) return errno;
    if (S_ISREG(facts.st_mode)) {
        if (!(facts.st_mode & 0222)) return EACCES;
        int file = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (file < 0) return errno;
        close(file);
        return 0;
    }
    if (!S_ISDIR(facts.st_mode) || depth > 4) return EACCES;
    DIR *directory = opendir(path);
    int error = directory ? EACCES : errno;
    for (struct dirent *entry; directory && error && error != EROFS && --*left > 0 && (entry = readdir(directory));) {
        char name[PATH_MAX];
        if (*entry->d_name == '.') continue;
        below(name, path, entry->d_name);
        error = open_below(name, depth + 1, left);
    }
    if (directory) closedir(directory);
    return error;
}

static int try_to_write(const char *path) {
    int left = 300, error = open_below(path, 0, &left);
    if (!error || error == EROFS || error == ENOENT) return error;
    // None that could be written in any case: the mount itself answers.
    struct stat facts;
    if (stat(path, &facts) || !S_ISDIR(facts.st_mode)) return error;
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) ? errno : 0;
}

static int reach(const char *path, int writing) { return writing ? try_to_write(path) : try_to_read(path); }

static void tell(const char *name, int gave) {
    if (gave >= SELF_FAILED) untried(child_outcome(gave));
    else if (gave == MASKED) refused(name, "masked");
    else if (gave == ENOENT) untried("there is no such path");
    else if (gave < 0) refused(name, child_outcome(gave));
    else told(name, gave);
}

static void through(const char *prefix, const char *path, int writing) {
    char whole[2 * PATH_MAX];
    snprintf(whole, sizeof whole, "%s%s", prefix, path);
    tell(NULL, reach(whole, writing));
}

static void through_task(const char *path, int writing) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "/proc/self/task/%d/root", getpid());
    through(prefix, path, writing);
}

// The part of the path below a mount point like /proc; null where it lies elsewhere.
static const char *under(const char *path, const char *top) {
    size_t length = strlen(top);
    return !strncmp(path, top, length) && path[length] == '/' ? path + length : NULL;
}

static int mount_second(const void *argument) {
    const struct target *target = argument;
    const char *rest = under(target->path, "/proc"), *type = rest ? "proc" : "sysfs";
    if (!rest && !(rest = under(target->path, "/sys"))) return ENOENT;
    char path[PATH_MAX];
    snprintf(path, sizeof path, MOUNT_PLACE "%s", rest);
    int error = mount("none", MOUNT_PLACE, type, 0, NULL) ? errno : 0;
    if (!error) {
        error = reach(path, target->writing);
        unmount_own();
    }
    return error;
}

static int second(const void *argument) {
    const struct target *target = argument;
    if (target->user) {
        int error = enter_user_namespace(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET);
        if (error) return error;
        // Only a process of the new process namespace may mount its /proc.
        int gave = in_child(mount_second, target);
        return gave < 0 ? EINTR : gave >= SELF_FAILED ? gave - SELF_FAILED : gave;
    }
    enter_mount_namespace();
    return mount_second(target);
}

static int bind_parent(const void *argument) {
    const struct target *target = argument;
    int error = target->user ? enter_user_namespace(CLONE_NEWNS) : (enter_mount_namespace(), 0);
    if (error) return error;
    char parent[PATH_MAX], path[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", target->path);
    char *name = strrchr(parent, '/');
    if (!name || name == parent) return ENOENT;
    *name++ = 0;
    below(path, MOUNT_PLACE, name);
    if (mount(parent, MOUNT_PLACE, NULL, MS_BIND, NULL)) return errno;
    error = reach(path, target->writing);
    unmount_own();
    return error;
}

// The mount that was removed where a new mount namespace is not available.
static void cover(const char *path, int writing) {
    struct stat facts;
    if (stat(path, &facts)) return;
    if (writing) {
        mount(path, path, NULL, MS_BIND | MS_REC, NULL);
        mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    } else if (S_ISDIR(facts.st_mode)) mount("tmpfs", path, "tmpfs", MS_RDONLY, NULL);
    else mount("/dev/null", path, NULL, MS_BIND, NULL);
}

static int take_off(const void *argument) {
    const struct target *target = argument;
    int own = target->user ? 0 : enter_mount_namespace(), error = target->user ? enter_user_namespace(CLONE_NEWNS) : 0;
    if (error) return error;
    if (umount2(target->path, MNT_DETACH)) return errno;
    error = reach(target->path, target->writing);
    if (own) cover(target->path, target->writing);
    return error;
}

static void both(int (*way)(const void *), const char *path, int writing) {
    struct stat facts;
    if (stat(path, &facts)) {
        untried(error_name(errno));
        return;
    }
    for (int user = 0; user < 2; user++) {
        struct target target = {path, writing, user};
        tell(user ? "in a user namespace" : "mount", in_child(way, &target));
    }
}

void masked_self_root(const char *path) { through("/proc/self/root", path, 0); }
void masked_thread_self(const char *path) { through("/proc/thread-self/root", path, 0); }
void masked_init_root(const char *path) { through("/proc/1/root", path, 0); }
void masked_task(const char *path) { through_task(path, 0); }
void masked_second_proc(const char *path) { both(second, path, 0); }
void masked_parent_bind(const char *path) { both(bind_parent, path, 0); }
void masked_unmount(const char *path) { both(take_off, path, 0); }
void readonly_self_root(const char *path) { through("/proc/self/root", path, 1); }
void readonly_thread_self(const char *path) { through("/proc/thread-self/root", path, 1); }
void readonly_init_root(const char *path) { through("/proc/1/root", path, 1); }
void readonly_task(const char *path) { through_task(path, 1); }
void readonly_second_proc(const char *path) { both(second, path, 1); }
void readonly_parent_bind(const char *path) { both(bind_parent, path, 1); }
void readonly_unmount(const char *path) { both(take_off, path, 1); }
