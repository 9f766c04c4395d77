#include "attack.h"
#include <sched.h>
#include <sys/sysmacros.h>

// A device is opened for reading, and nothing is read.
static void try_device(const char *directory, const char *where, char kind, unsigned first, unsigned second) {
    char path[PATH_MAX], name[96];
    below(path, directory, ".podspawn-attack-device");
    snprintf(name, sizeof name, "%s%c %u:%u", where, kind, first, second);
    if (mknod(path, (kind == 'c' ? S_IFCHR : S_IFBLK) | 0600, makedev(first, second))) {
        char by[48];
        snprintf(by, sizeof by, "mknod %s", error_name(errno));
        refused(name, by);
        return;
    }
    int device = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (device < 0) told(name, errno);
    else works(name, "");
    if (device >= 0) close(device);
    unlink(path);
}

static void try_all(const char *directory, const char *where) {
    static const struct { char kind; unsigned first, second; } devices[] = {
        {'c', 1, 1}, {'c', 1, 2}, {'c', 1, 11}, {'c', 10, 229}, {'c', 10, 237}, {'b', 7, 0},
    };
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        try_device(directory, where, devices[i].kind, devices[i].first, devices[i].second);
    FILE *table = fopen("/proc/partitions", "re");
    char line[256];
    int left = 16;
    while (table && left > 0 && fgets(line, sizeof line, table)) {
        unsigned long long number[2];
        if (numbers_of(line, 10, number, 2) != 2 || number[0] == 7) continue;
        try_device(directory, where, 'b', (unsigned)number[0], (unsigned)number[1]);
        left--;
    }
    if (table) fclose(table);
}

void devices_mknod(const char *directory) { try_all(directory, ""); }

static int in_own_mount(const void *user) {
    int error = user ? enter_user_namespace(CLONE_NEWNS) : 0;
    if (!error) error = mount_own(NULL);
    if (error) return error;
    try_all(MOUNT_PLACE, user ? "in a user namespace " : "");
    unmount_own();
    return 0;
}

void devices_own_mount(const char *unused) {
    (void)unused;
    for (int user = 0; user < 2; user++) {
        int gave = in_child(in_own_mount, user ? "" : NULL);
        if (gave) refused(user ? "in a user namespace" : "mount", child_outcome(gave));
    }
}

void devices_volume(const char *path) {
    struct stat facts;
    if (stat(path, &facts) || !(S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode))) {
        untried("there is no device");
        return;
    }
    int device = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    char name[48];
    snprintf(name, sizeof name, "%c %u:%u", S_ISCHR(facts.st_mode) ? 'c' : 'b', major(facts.st_rdev), minor(facts.st_rdev));
    if (device < 0) told(NULL, errno);
    else works(name, "");
}
