#include "probe.h"
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

static const char *try_to_write(const char *path, mode_t mode) {
    if (S_ISREG(mode)) {
        int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK);
        if (file < 0) return error_name(errno);
        close(file);
        return "ok";
    }
    if (!S_ISDIR(mode)) return "-";
    char name[PATH_MAX];
    below(name, path, ".podspawn-probe-write");
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return error_name(errno);
    close(file);
    unlink(name);
    return "ok";
}

// mountinfo writes blanks, tabs, line ends and backslashes as \ooo (proc_pid_mountinfo(5)).
static void unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from;) {
        if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] && from[3]) {
            *to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
            from += 4;
        } else *to++ = *from++;
    }
    *to = 0;
}

void look_at_mounts(void) {
    FILE *table = fopen("/proc/self/mountinfo", "re");
    if (!table) {
        say("mounts", error_name(errno), NULL);
        return;
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, table) > 0) {
        char *rest = line, *field[6] = {0}, *type = NULL;
        for (int i = 0; i < 6 && (field[i] = strsep(&rest, " ")); i++) {}
        if (!field[5] || !rest) continue;
        for (char *word; (word = strsep(&rest, " "));)
            if (!strcmp(word, "-")) {
                type = strsep(&rest, " ");
                break;
            }
        unescape(field[4]);
        struct stat facts;
        struct statvfs space;
        if (lstat(field[4], &facts)) {
            say("mount", field[4], type ? type : "", field[5], "?", error_name(errno), NULL);
            continue;
        }
        const char *kind = S_ISDIR(facts.st_mode) ? "directory" : S_ISREG(facts.st_mode) ? "file" : "device";
        if (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode)) {
            char number[32];
            snprintf(number, sizeof number, "%u:%u", major(facts.st_rdev), minor(facts.st_rdev));
            say("device", field[4], S_ISCHR(facts.st_mode) ? "c" : "b", number, NULL);
        }
        int readonly = !statvfs(field[4], &space) && (space.f_flag & ST_RDONLY);
        say("mount", field[4], type ? type : "", field[5], kind, try_to_write(field[4], facts.st_mode), readonly ? "ro" : "rw", NULL);
    }
    free(line);
    fclose(table);
    say("mounts", "ok", NULL);
}
