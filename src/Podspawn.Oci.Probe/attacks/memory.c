#include "attack.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>

#define STEP (1ULL << 20)

// Makes the kernel choose this process when memory runs out, instead of the container's first one.
static void go_first(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t wrote = write(file, "1000", 4);
    (void)wrote;
    close(file);
}

// What is recorded as it grows stays recorded when this process is killed.
static int touch(char *memory, unsigned long long bytes, unsigned long long before) {
    for (unsigned long long done = 0; done < bytes; done += STEP) {
        memset(memory + done, 'x', bytes - done < STEP ? bytes - done : STEP);
        reached(before + (bytes - done < STEP ? bytes : done + STEP), "ok");
    }
    return 0;
}

static void map_and_touch(int file, unsigned long long bytes) {
    go_first();
    reached(0, "ok");
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0), file, 0);
    if (memory == MAP_FAILED) reached(0, error_name(errno));
    else touch(memory, bytes, 0);
}

void memory_shared(const char *bytes) { map_and_touch(-1, amount(bytes, NULL)); }

void memory_tmpfs(const char *argument) {
    const char *directory;
    char path[PATH_MAX];
    unsigned long long bytes = amount(argument, &directory);
    below(path, directory, ".podspawn-attack-memory");
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        untried(error_name(errno));
        return;
    }
    unlink(path);
    if (ftruncate(file, (off_t)bytes)) untried(error_name(errno));
    else map_and_touch(file, bytes);
}

void memory_sysv(const char *argument) {
    const unsigned long long each = 16 * STEP;
    unsigned long long bytes = amount(argument, NULL);
    go_first();
    for (unsigned long long done = 0; done < bytes; done += each) {
        int segment = shmget(IPC_PRIVATE, each, IPC_CREAT | 0600);
        if (segment < 0) {
            reached(done, error_name(errno));
            return;
        }
        char *memory = shmat(segment, NULL, 0);
        int error = errno;
        // It is removed with the last process that has it.
        shmctl(segment, IPC_RMID, NULL);
        if (memory == (char *)-1) {
            reached(done, error_name(error));
            return;
        }
        touch(memory, bytes - done < each ? bytes - done : each, done);
    }
}

// Kernel memory: data that is written to a pipe and never read.
void memory_pipes(const char *argument) {
    static char block[65536];
    unsigned long long bytes = amount(argument, NULL), done = 0;
    struct rlimit files;
    go_first();
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    reached(0, "ok");
    while (done < bytes) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK)) {
            reached(done, error_name(errno));
            return;
        }
        fcntl(ends[1], F_SETPIPE_SZ, (int)STEP);
        for (ssize_t count; done < bytes && (count = write(ends[1], block, sizeof block)) > 0;) done += (unsigned long long)count;
        reached(done, "ok");
    }
}

// The page cache of a file that is read; mincore(2) tells its size, since the kernel drops pages instead of exceeding the limit. The file is sparse: nothing is written.
void memory_page_cache(const char *argument) {
    static unsigned char kept[1 << 17];
    static char block[STEP];
    const char *path = "/.podspawn-attack-memory";
    const unsigned long long page = (unsigned long long)sysconf(_SC_PAGESIZE);
    unsigned long long bytes = amount(argument, NULL), most = 0;
    if (bytes / page > sizeof kept) {
        untried(error_name(EFBIG));
        return;
    }
    go_first();
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        untried(error_name(errno));
        return;
    }
    unlink(path);
    char *memory = ftruncate(file, (off_t)bytes) ? MAP_FAILED : mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) {
        untried(error_name(errno));
        return;
    }
    for (unsigned long long done = 0; done < bytes; done += STEP) {
        unsigned long long now = 0;
        if (pread(file, block, sizeof block, (off_t)done) < 0 || mincore(memory, bytes, kept)) {
            reached(most, error_name(errno));
            return;
        }
        for (unsigned long long i = 0; i < bytes / page; i++) now += kept[i] & 1;
        if (now * page > most) most = now * page;
        reached(most, "ok");
    }
}

void memory_cgroup(const char *unused) {
    (void)unused;
    static const struct cgroup_limit limits[] = {
        {"memory", "memory.max", "max", NULL}, {"memory", "memory.limit_in_bytes", "-1", "memory.memsw.limit_in_bytes"}, {0},
    };
    attack_cgroups(limits, NULL, NULL);
}
