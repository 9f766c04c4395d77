#include "attack.h"
#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

// Directories that lie on the root's own mount; every user may write in the later ones, where the mount lets them.
static const char *const directories[] = {"/", "/tmp", "/var/tmp", "/etc", "/usr", "/bin", "/var", "/home"};
#define DIRECTORIES (sizeof directories / sizeof directories[0])

static int on_root(const char *directory) {
    struct stat root, there;
    return !stat("/", &root) && !stat(directory, &there) && S_ISDIR(there.st_mode) && root.st_dev == there.st_dev;
}

// A directory of the root to mount over, which is not the root.
static const char *victim(void) {
    for (size_t i = DIRECTORIES; i-- > 1;)
        if (on_root(directories[i])) return directories[i];
    return NULL;
}

// A file in the root by another way. The mount's refusal tells more than that of a directory's mode.
static int write_root(const char *prefix) {
    int error = ENOENT;
    for (size_t i = 0; i < DIRECTORIES; i++) {
        char path[PATH_MAX];
        if (!on_root(directories[i])) continue;
        snprintf(path, sizeof path, "%s%s", prefix, directories[i]);
        int gave = make_and_remove(path);
        if (!gave) return 0;
        if (error != EROFS) error = gave;
    }
    return error;
}

static int enter(const void *user) {
    if (user) return enter_user_namespace(CLONE_NEWNS);
    enter_mount_namespace();
    return 0;
}

static int remount(const void *user) {
    struct statvfs before;
    int error = enter(user);
    if (error || statvfs("/", &before)) return error ? error : errno;
    error = lift_options("/");
    if (error) return error;
    error = write_root("");
    restore_options("/", before.f_flag);
    return error;
}

void rootfs_remount(const char *unused) { (void)unused; try(NULL, remount, NULL); }
void rootfs_user_namespace(const char *unused) { (void)unused; try(NULL, remount, ""); }

static int bind_over(const void *user) {
    const char *directory = victim();
    int error = enter(user);
    if (error) return error;
    // /dev is writable wherever a container has one; a tmpfs where it is not.
    if (mount("/dev", directory, NULL, MS_BIND, NULL) && mount("none", directory, "tmpfs", 0, NULL)) return errno;
    error = make_and_remove(directory);
    umount2(directory, MNT_DETACH);
    return error;
}

static int overlay(const void *user) {
    const char *directory = victim();
    char options[PATH_MAX];
    int error = enter(user);
    if (error) return error;
    if (mount("none", MOUNT_PLACE, "tmpfs", 0, "mode=755")) return errno;
    mkdir(MOUNT_PLACE "/upper", 0755);
    mkdir(MOUNT_PLACE "/work", 0755);
    snprintf(options, sizeof options, "lowerdir=%s,upperdir=" MOUNT_PLACE "/upper,workdir=" MOUNT_PLACE "/work", directory);
    error = mount("overlay", directory, "overlay", 0, options) ? errno : 0;
    if (!error) {
        error = make_and_remove(directory);
        umount2(directory, MNT_DETACH);
    }
    unmount_own();
    return error;
}

static void both(int (*way)(const void *)) {
    if (!victim()) {
        untried("no directory but /");
        return;
    }
    try("mount", way, NULL);
    try("in a user namespace", way, "");
}

void rootfs_bind_over(const char *unused) { (void)unused; both(bind_over); }
void rootfs_overlay(const char *unused) { (void)unused; both(overlay); }
void rootfs_self_root(const char *unused) { (void)unused; told(NULL, write_root("/proc/self/root")); }
void rootfs_init_root(const char *unused) { (void)unused; told(NULL, write_root("/proc/1/root")); }

// From a directory that was open before up to the top, which is the host's where the directory is.
static int write_above(int descriptor) {
    char path[256] = "";
    for (int i = 0; i < 40; i++) strcat(path, "../");
    strcat(path, ".podspawn-attack");
    int file = openat(descriptor, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    close(file);
    return unlinkat(descriptor, path, 0) ? errno : 0;
}

void rootfs_descriptor(const char *unused) {
    (void)unused;
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    told("O_PATH of /", write_above(root));
    told("fchdir", fchdir(root) ? errno : write_above(AT_FDCWD));
    DIR *open_files = opendir("/proc/self/fd");
    for (struct dirent *entry; open_files && (entry = readdir(open_files));) {
        char name[300];
        struct stat facts;
        int descriptor = atoi(entry->d_name);
        if (*entry->d_name == '.' || descriptor == root || descriptor == dirfd(open_files) || fstat(descriptor, &facts) || !S_ISDIR(facts.st_mode)) continue;
        snprintf(name, sizeof name, "descriptor %s", entry->d_name);
        told(name, write_above(descriptor));
    }
    if (open_files) closedir(open_files);
}

// Opens for writing, and writes nothing.
static int open_block(unsigned major_number, unsigned minor_number) {
    static const char *const places[] = {"/dev", "/tmp", "/var/tmp", "."};
    int error = ENOENT;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char path[PATH_MAX];
        below(path, places[i], ".podspawn-attack-block");
        if (mknod(path, S_IFBLK | 0600, makedev(major_number, minor_number))) {
            if (error == ENOENT) error = errno;
            continue;
        }
        int device = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (device < 0 && error == ENOENT) error = errno;
        unlink(path);
        if (device < 0) continue;
        close(device);
        return 0;
    }
    return error;
}

// The device of the root, and of whatever else is mounted from one: an overlay's files lie on none of its own.
void rootfs_raw_device(const char *unused) {
    (void)unused;
    unsigned seen[32][2];
    size_t count = 0;
    FILE *table = fopen("/proc/self/mountinfo", "re");
    char line[4 * PATH_MAX];
    while (table && count < 32 && fgets(line, sizeof line, table)) {
        unsigned long long number[4];
        char name[32];
        if (numbers_of(line, 10, number, 4) != 4 || !number[2]) continue;
        unsigned first = (unsigned)number[2], second = (unsigned)number[3];
        size_t i = 0;
        while (i < count && (seen[i][0] != first || seen[i][1] != second)) i++;
        if (i < count) continue;
        seen[count][0] = first;
        seen[count++][1] = second;
        snprintf(name, sizeof name, "b %u:%u", first, second);
        told(name, open_block(first, second));
    }
    if (table) fclose(table);
    if (!count) untried("nothing is mounted from a block device");
}
