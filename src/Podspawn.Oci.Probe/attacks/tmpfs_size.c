#include "attack.h"
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define BLOCK 4096ULL
#define BEYOND (1ULL << 20)

static void in_folder(char path[PATH_MAX], const char *folder, unsigned long long number) {
    char name[32];
    snprintf(name, sizeof name, "%llu", number);
    below(path, folder, name);
}

void tmpfs_many_files(const char *argument) {
    const char *directory;
    unsigned long long most = amount(argument, &directory) + BEYOND, files = 0;
    char folder[PATH_MAX], path[PATH_MAX];
    below(folder, directory, ".podspawn-attack-many");
    int error = mkdir(folder, 0700) ? errno : 0;
    while (!error && files * BLOCK < most) {
        in_folder(path, folder, files);
        int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0) {
            error = errno;
            break;
        }
        if (write(file, "x", 1) != 1) error = errno ? errno : ENOSPC;
        close(file);
        if (error) unlink(path);
        else files++;
    }
    reached(files * BLOCK, outcome(error));
    while (files-- > 0) {
        in_folder(path, folder, files);
        unlink(path);
    }
    rmdir(folder);
}

static sigjmp_buf out;
static void full(int unused) {
    (void)unused;
    siglongjmp(out, 1);
}

void tmpfs_holes(const char *argument) {
    const char *directory;
    unsigned long long most = amount(argument, &directory) + BEYOND;
    volatile unsigned long long done = 0;
    char path[PATH_MAX];
    below(path, directory, ".podspawn-attack-holes");
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        reached(0, error_name(errno));
        return;
    }
    unlink(path);
    char *pages = ftruncate(file, (off_t)most) ? MAP_FAILED : mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    const char *end = "ok";
    if (pages == MAP_FAILED) end = error_name(errno);
    else {
        signal(SIGBUS, full);
        if (sigsetjmp(out, 1)) end = "signal 7";
        else
            for (; done < most; done += BLOCK) {
                if (done / BLOCK & 1 ? pwrite(file, "x", 1, (off_t)done) == 1 : (*(volatile char *)(pages + done) = 'x')) continue;
                end = error_name(errno);
                break;
            }
    }
    reached(done, end);
}

// Files without a name hold their blocks as long as they are open; a second name neither costs nor frees any.
void tmpfs_links(const char *argument) {
    const char *directory;
    unsigned long long most = amount(argument, &directory) + BEYOND, total = 0;
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    unsigned long long each = (most / 256 + BLOCK - 1) / BLOCK * BLOCK;
    static char block[BLOCK];
    char path[PATH_MAX], second[PATH_MAX];
    below(path, directory, ".podspawn-attack-link");
    below(second, directory, ".podspawn-attack-link-2");
    int error = 0;
    while (!error && total < most) {
        int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0) {
            error = errno;
            break;
        }
        if (link(path, second)) error = errno;
        unlink(path);
        unlink(second);
        for (unsigned long long at = 0; !error && at < each; at += BLOCK) {
            if (write(file, block, BLOCK) == (ssize_t)BLOCK) total += BLOCK;
            else error = errno ? errno : ENOSPC;
        }
    }
    reached(total, outcome(error));
}
