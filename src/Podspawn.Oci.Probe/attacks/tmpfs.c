#include "attack.h"
#include <dirent.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

// A file on it to be mapped: the program's own bytes.
static int file_on(const char *directory, char path[PATH_MAX]) {
    below(path, directory, ".podspawn-attack-map");
    int error = copy_program(path, 0755, (uid_t)-1);
    if (error) {
        untried(error_name(error));
        return -1;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    return file;
}

void tmpfs_map(const char *directory) {
    char path[PATH_MAX];
    int file = file_on(directory, path);
    if (file >= 0) told(NULL, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED ? errno : 0);
}

void tmpfs_mprotect(const char *directory) {
    char path[PATH_MAX];
    int file = file_on(directory, path);
    if (file < 0) return;
    void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
    if (page == MAP_FAILED) untried(error_name(errno));
    else told(NULL, mprotect(page, 4096, PROT_READ | PROT_EXEC) ? errno : 0);
}

static int copy_bytes(int from, int to) {
    static char buffer[65536];
    for (ssize_t count; (count = read(from, buffer, sizeof buffer));)
        if (count < 0 || write(to, buffer, (size_t)count) != count) return errno ? errno : ENOSPC;
    return 0;
}

void tmpfs_memfd(const char *directory) {
    char path[PATH_MAX];
    int file = file_on(directory, path);
    if (file < 0) return;
    int memory = memfd_create("attack", MFD_CLOEXEC);
    struct became became = {0};
    int error = memory < 0 ? errno : copy_bytes(file, memory);
    if (!error) error = run_program(NULL, memory, NULL, &became);
    if (error < 0) refused(NULL, "ended");
    else told(NULL, error);
}

static int run_by(const char *loader, const char *path) {
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++) dup2(nowhere, i);
        execl(loader, loader, path, (char *)NULL);
        _exit(126);
    }
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A program of the root that needs its loader, since this one needs none; returns whether the loader can run it at all.
static int load(const char *loader, const char *directory) {
    static const char *const programs[] = {"/bin/true", "/usr/bin/true"};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        char folder[PATH_MAX], path[PATH_MAX];
        if (access(programs[i], X_OK) || run_by(loader, programs[i])) continue;
        // By the same name: a program may depend on it.
        below(folder, directory, ".podspawn-attack-loader");
        below(path, folder, "true");
        mkdir(folder, 0700);
        int from = open(programs[i], O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
        int error = from < 0 || to < 0 ? errno : copy_bytes(from, to);
        if (to >= 0) close(to);
        int status = error ? 0 : run_by(loader, path);
        unlink(path);
        rmdir(folder);
        if (error) untried(error_name(error));
        else if (status) refused(loader, "cannot load it");
        else works(loader, "");
        return 1;
    }
    return 0;
}

// The loaders lie in the directories of libraries, or one below where there is one for each architecture.
static int search(const char *directory, const char *tmpfs, int depth) {
    DIR *entries = opendir(directory);
    int found = 0;
    for (struct dirent *entry; !found && entries && (entry = readdir(entries));) {
        char path[PATH_MAX];
        if (*entry->d_name == '.') continue;
        below(path, directory, entry->d_name);
        if (!strncmp(entry->d_name, "ld-", 3) && strstr(entry->d_name, ".so")) found = load(path, tmpfs);
        else if (depth == 0 && strstr(entry->d_name, "linux") && entry->d_type == DT_DIR) found = search(path, tmpfs, 1);
    }
    if (entries) closedir(entries);
    return found;
}

void tmpfs_loader(const char *path) {
    static const char *const directories[] = {"/lib64", "/lib", "/usr/lib64", "/usr/lib"};
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
        if (search(directories[i], path, 0)) return;
    untried("the root has no loader that works");
}

#define OPTIONS (ST_RDONLY | ST_NOEXEC | ST_NOSUID | ST_NODEV)

static int remount(const char *path, int user) {
    struct statvfs before, after;
    int error = user ? enter_user_namespace(CLONE_NEWNS) : (enter_mount_namespace(), 0);
    if (error || statvfs(path, &before)) return error ? error : errno;
    error = lift_options(path);
    if (error) return error;
    if (statvfs(path, &after)) error = errno;
    restore_options(path, before.f_flag);
    return error ? error : after.f_flag & before.f_flag & OPTIONS ? EBUSY : 0;
}

static int remount_here(const void *path) { return remount(path, 0); }
static int remount_in_namespace(const void *path) { return remount(path, 1); }

void tmpfs_remount(const char *path) {
    struct statvfs before;
    if (statvfs(path, &before)) untried(error_name(errno));
    else if (!(before.f_flag & OPTIONS)) untried("there is no option to lift");
    else {
        try("remount", remount_here, path);
        try("in a user namespace", remount_in_namespace, path);
    }
}
