#include "probe.h"
#include <dirent.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

static int count_entries(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return -errno;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) count++;
    closedir(directory);
    return count;
}

static void say_file(const char *path) {
    char buffer[4096], text[24];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        say("masked_path", path, "file", error_name(errno), NULL);
        return;
    }
    ssize_t count = read(file, buffer, sizeof buffer);
    snprintf(text, sizeof text, "%zd", count);
    say("masked_path", path, "file", count < 0 ? error_name(errno) : text, NULL);
    close(file);
}

void look_at_masked_path(const char *path) {
    struct stat facts;
    char text[64];
    if (stat(path, &facts)) say("masked_path", path, "absent", error_name(errno), NULL);
    else if (S_ISCHR(facts.st_mode)) {
        snprintf(text, sizeof text, "%u:%u", major(facts.st_rdev), minor(facts.st_rdev));
        say("masked_path", path, "device", text, NULL);
    } else if (S_ISDIR(facts.st_mode)) {
        int entries = count_entries(path);
        struct statvfs mount;
        int readonly = !statvfs(path, &mount) && (mount.f_flag & ST_RDONLY);
        snprintf(text, sizeof text, "%d", entries);
        say("masked_path", path, "directory", entries < 0 ? error_name(-entries) : text, readonly ? "ro" : "rw", NULL);
    } else say_file(path);
}

void look_at_readonly_path(const char *path) {
    struct stat facts;
    struct statvfs mount;
    if (stat(path, &facts) || statvfs(path, &mount)) {
        say("readonly_path", path, "absent", error_name(errno), NULL);
        return;
    }
    char name[PATH_MAX];
    int directory = S_ISDIR(facts.st_mode);
    below(name, path, ".podspawn-probe-write");
    int file = directory ? open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
                         : open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *wrote = file < 0 ? error_name(errno) : "ok";
    if (file >= 0) {
        close(file);
        if (directory) unlink(name);
    }
    say("readonly_path", path, mount.f_flag & ST_RDONLY ? "ro" : "rw", wrote, NULL);
}
