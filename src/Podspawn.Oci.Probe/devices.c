#include "probe.h"
#include <dirent.h>
#include <sys/sysmacros.h>

static void walk(const char *directory, int depth) {
    DIR *entries = opendir(directory);
    if (!entries) {
        say("device", directory, "error", error_name(errno), NULL);
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[PATH_MAX], text[PATH_MAX];
        struct stat facts;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        below(path, directory, entry->d_name);
        if (lstat(path, &facts)) say("device", path, "error", error_name(errno), NULL);
        else if (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode)) {
            snprintf(text, sizeof text, "%u:%u", major(facts.st_rdev), minor(facts.st_rdev));
            say("device", path, S_ISCHR(facts.st_mode) ? "c" : "b", text, NULL);
        } else if (S_ISLNK(facts.st_mode)) {
            ssize_t length = readlink(path, text, sizeof text - 1);
            text[length < 0 ? 0 : length] = 0;
            say("device", path, "l", text, NULL);
        } else if (S_ISDIR(facts.st_mode)) {
            say("device", path, "d", "", NULL);
            if (depth < 4) walk(path, depth + 1);
        }
    }
    closedir(entries);
}

// A device that the rules of the control group deny by name, where one can be created at all.
static void try_denied_device(void) {
    const char *path = "/dev/.podspawn-probe-fuse";
    if (mknod(path, S_IFCHR | 0600, makedev(10, 229))) {
        say("denied_device", "mknod", error_name(errno), NULL);
        return;
    }
    int device = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    say("denied_device", "open", device < 0 ? error_name(errno) : "ok", NULL);
    if (device >= 0) close(device);
    unlink(path);
}

#define MOST_ENTRIES 500000

// The rest of the root filesystem, without mounts below it: a volume may be large, and its owner is responsible for it.
static void search(const char *directory, dev_t root, int depth, long *left) {
    DIR *entries = opendir(directory);
    if (!entries) return;
    for (struct dirent *entry; (entry = readdir(entries)) && --*left > 0;) {
        char path[PATH_MAX], number[32];
        struct stat facts;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        // The type in the directory entry spares a call for each plain file.
        if (entry->d_type == DT_REG || entry->d_type == DT_LNK) continue;
        below(path, directory, entry->d_name);
        if (lstat(path, &facts)) continue;
        if (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode)) {
            snprintf(number, sizeof number, "%u:%u", major(facts.st_rdev), minor(facts.st_rdev));
            say("device", path, S_ISCHR(facts.st_mode) ? "c" : "b", number, NULL);
        } else if (S_ISDIR(facts.st_mode) && facts.st_dev == root && depth < 100) search(path, root, depth + 1, left);
    }
    closedir(entries);
}

void search_for_devices(void) {
    struct stat root;
    long left = MOST_ENTRIES;
    if (!stat("/", &root)) search("/", root.st_dev, 0, &left);
    if (left <= 0) say("devices", "too many files", NULL);
}

void look_at_devices(void) {
    walk("/dev", 0);
    try_denied_device();
}
