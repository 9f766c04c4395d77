#include "attack.h"
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>

#ifndef TIOCLINUX
#define TIOCLINUX 0x541c
#endif

static char start[2048], environment_names[4000];

static void add(char *list, size_t room, const char *text) {
    size_t used = strlen(list);
    snprintf(list + used, room - used, "%s%s", used ? ", " : "", text);
}

void remember_start(char **environment) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int i = 1; i < _NSIG; i++) {
        struct sigaction action;
        char text[32];
        snprintf(text, sizeof text, "ignored %d", i);
        if (!sigaction(i, NULL, &action) && action.sa_handler == SIG_IGN) add(start, sizeof start, text);
        snprintf(text, sizeof text, "blocked %d", i);
        if (sigismember(&blocked, i) == 1) add(start, sizeof start, text);
    }
    for (; *environment; environment++) {
        size_t used = strlen(environment_names);
        snprintf(environment_names + used, sizeof environment_names - used, "%s%.*s", used ? "," : "", (int)strcspn(*environment, "="), *environment);
    }
}

const char *names_at_start(void) { return environment_names; }

void streams_signals(const char *unused) {
    (void)unused;
    if (*start) works(NULL, start);
    else refused(NULL, "none");
}

void streams_environment(const char *unused) {
    (void)unused;
    if (*environment_names) works(NULL, environment_names);
    else refused(NULL, "none");
}

// A character is put into the terminal's input, and removed again by the terminal itself, unseen.
static int inject(int terminal) {
    struct termios before, quiet;
    if (tcgetattr(terminal, &before)) return errno;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSANOW, &quiet);
    int error = ioctl(terminal, TIOCSTI, " ") ? errno : 0;
    if (!error && before.c_lflag & ICANON) ioctl(terminal, TIOCSTI, &before.c_cc[VERASE]);
    else if (!error) tcflush(terminal, TCIFLUSH);
    tcsetattr(terminal, TCSANOW, &before);
    return error;
}

// The selection of a console, pasted: removed in the same way.
static int paste(int terminal) {
    struct termios before, quiet;
    if (tcgetattr(terminal, &before)) return errno;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSANOW, &quiet);
    char order = 3;
    int error = ioctl(terminal, TIOCLINUX, &order) ? errno : 0;
    if (!error) tcflush(terminal, TCIFLUSH);
    tcsetattr(terminal, TCSANOW, &before);
    return error;
}

static int found, others_terminal;

// Whether it was created in the /dev/pts that is the container's own. /dev/tty stands for one of the others.
static int is_own(const char *name, int terminal) {
    struct stat file, own;
    return !strcmp(name, "/dev/tty") || (!fstat(terminal, &file) && !stat("/dev/pts", &own) && file.st_dev == own.st_dev);
}

static void try_terminal(const char *name, int terminal, int (*way)(int)) {
    if (terminal < 0 || !isatty(terminal)) return;
    found++;
    int error = way(terminal);
    told(name, error);
    if (!error && !is_own(name, terminal)) others_terminal = 1;
}

static void try_file(const char *path, int (*way)(int)) {
    int terminal = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    try_terminal(path, terminal, way);
    if (terminal >= 0) close(terminal);
}

static void try_terminals(int (*way)(int)) {
    // We are not in the foreground, and would be stopped for a change of its mode.
    signal(SIGTTOU, SIG_IGN);
    found = others_terminal = 0;
    try_terminal("0", 0, way);
    try_terminal("1", 1, way);
    try_terminal("2", 2, way);
    try_file("/dev/tty", way);
    try_file("/dev/console", way);
    DIR *others = opendir("/dev/pts");
    for (struct dirent *entry; others && (entry = readdir(others));) {
        char path[300];
        snprintf(path, sizeof path, "/dev/pts/%s", entry->d_name);
        if (*entry->d_name >= '0' && *entry->d_name <= '9') try_file(path, way);
    }
    if (others) closedir(others);
    if (!found) untried("no terminal");
    snprintf(result->more, sizeof result->more, "%s", !*result->works ? "" : others_terminal ? "another's" : "own");
}

void streams_tiocsti(const char *unused) { (void)unused; try_terminals(inject); }
void streams_tioclinux(const char *unused) { (void)unused; try_terminals(paste); }

void streams_keyring(const char *unused) {
    (void)unused;
    char text[256] = "";
    int32_t keys[256];
    if (syscall(SYS_keyctl, 6L, -3L, text, sizeof text - 1) < 0) {
        told(NULL, errno);
        return;
    }
    long bytes = syscall(SYS_keyctl, 11L, -3L, keys, sizeof keys);
    works(NULL, text);
    if (bytes < 0) snprintf(result->more, sizeof result->more, "%s", error_name(errno));
    else snprintf(result->more, sizeof result->more, "%ld", bytes / (long)sizeof keys[0]);
}
