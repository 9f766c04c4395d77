#include "probe.h"
#include <dirent.h>
#include <termios.h>

// The files behind our streams, attacked like a hostile command that wants more than to read and write in turn. Nothing is harmed: each attack
// requests the current state, and shows by its success that it could request more.

const char *kind_of(const struct stat *file, int descriptor) {
    if (S_ISFIFO(file->st_mode)) return "pipe";
    if (S_ISSOCK(file->st_mode)) return "socket";
    if (S_ISREG(file->st_mode)) return "regular file";
    if (S_ISDIR(file->st_mode)) return "directory";
    if (S_ISCHR(file->st_mode)) return isatty(descriptor) ? "terminal" : "device";
    return S_ISBLK(file->st_mode) ? "block device" : "other";
}

static const char *result(int failed) { return failed ? error_name(errno) : "ok"; }

static void attack_stream(const char *number, int descriptor, const struct stat *file) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int again = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    say("stream_attack", number, "reopen", again < 0 ? error_name(errno) : "ok", NULL);
    int by = again < 0 ? descriptor : again;
    say("stream_attack", number, "mode", result(fchmod(by, file->st_mode & 07777)), NULL);
    say("stream_attack", number, "owner", result(fchown(by, file->st_uid, file->st_gid)), NULL);
    if (S_ISREG(file->st_mode)) say("stream_attack", number, "length", result(ftruncate(by, file->st_size)), NULL);
    struct termios mode;
    if (isatty(by)) say("stream_attack", number, "terminal mode", result(tcgetattr(by, &mode) || tcsetattr(by, TCSANOW, &mode)), NULL);
    if (again >= 0) close(again);
}

void look_at_streams(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        char number[8];
        struct stat file;
        snprintf(number, sizeof number, "%d", descriptor);
        if (fstat(descriptor, &file)) {
            say("stream", number, error_name(errno), NULL);
            continue;
        }
        say("stream", number, kind_of(&file, descriptor), NULL);
        if (!S_ISFIFO(file.st_mode)) attack_stream(number, descriptor, &file);
    }
    DIR *open_files = opendir("/proc/self/fd");
    if (!open_files) {
        say("descriptors", error_name(errno), NULL);
        return;
    }
    for (struct dirent *entry; (entry = readdir(open_files));) {
        struct stat file;
        int descriptor = atoi(entry->d_name);
        if (descriptor > 2 && descriptor != dirfd(open_files) && !fstat(descriptor, &file)) say("descriptor", entry->d_name, kind_of(&file, descriptor), NULL);
    }
    closedir(open_files);
    say("descriptors", "ok", NULL);
}
