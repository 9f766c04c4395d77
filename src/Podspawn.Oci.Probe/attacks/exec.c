#include "attack.h"
#include <dirent.h>
#include <sched.h>

// Reports what a process that the host's exec started is, and may do.

static int unshare_user(const void *unused) {
    (void)unused;
    return unshare(CLONE_NEWUSER) ? errno : 0;
}

static void fork_up_to(const char *label, const char *most) {
    unsigned long long wanted = amount(most, NULL), tasks = 0;
    int error = 0;
    if (wanted) tasks = breed_and_end(1, wanted, &error);
    char number[24];
    snprintf(number, sizeof number, "%llu", tasks);
    say("exec", label, "pids", number, outcome(error), NULL);
}

static const char *said;
static void say_status(const char *key, const char *value) { say("exec", said, "status", key, value, NULL); }

int look_from_exec(const char *label, const char *most) {
    char uid[16], gid[16];
    said = label;
    read_status(say_status);
    snprintf(uid, sizeof uid, "%u", geteuid());
    snprintf(gid, sizeof gid, "%u", getegid());
    say("exec", label, "id", uid, gid, NULL);
    for (int i = 0; i <= 2; i++) {
        char number[8];
        struct stat file;
        snprintf(number, sizeof number, "%d", i);
        say("exec", label, "stream", number, fstat(i, &file) ? error_name(errno) : kind_of(&file, i), NULL);
    }
    DIR *open_files = opendir("/proc/self/fd");
    for (struct dirent *entry; open_files && (entry = readdir(open_files));) {
        struct stat file;
        int descriptor = atoi(entry->d_name);
        if (descriptor > 2 && descriptor != dirfd(open_files) && !fstat(descriptor, &file))
            say("exec", label, "descriptor", entry->d_name, kind_of(&file, descriptor), NULL);
    }
    if (open_files) closedir(open_files);
    say("exec", label, "system_call", "unshare", child_outcome(in_child(unshare_user, NULL)), NULL);
    const char *word = run_attack(streams_tiocsti, "-");
    say("exec", label, "tiocsti", word, result_detail(word), result->more, NULL);
    say("exec", label, "environment", names_at_start(), NULL);
    fork_up_to(label, most);
    say("exec", label, "end", NULL);
    return 0;
}
