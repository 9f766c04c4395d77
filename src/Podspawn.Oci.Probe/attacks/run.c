#include "attack.h"
#include <sys/mman.h>
#include <sys/prctl.h>

// Longer than any attack takes on the slowest sandbox, and short enough to wait for.
#define MOST_SECONDS 20

struct result *result;
int program = -1;
static int over[2] = {-1, -1};

static void add(char *list, size_t room, const char *name, const char *what) {
    size_t used = strlen(list);
    snprintf(list + used, room - used, "%s%s%s%s", used ? ", " : "", name ? name : "", name && *what ? " " : "", what);
}

void works(const char *name, const char *what) { add(result->works, sizeof result->works, name, what); }
void refused(const char *name, const char *by) { add(result->refused, sizeof result->refused, name, by); }
void untried(const char *why) { add(result->untried, sizeof result->untried, NULL, why); }

void told(const char *name, int error) {
    if (error) refused(name, error_name(error));
    else works(name, name ? "" : "ok");
}

void reached(unsigned long long number, const char *end) {
    result->number = number;
    snprintf(result->end, sizeof result->end, "%s", end);
    result->counted = 1;
}

void try(const char *name, int (*way)(const void *), const void *argument) {
    int gave = in_child(way, argument);
    if (!gave) works(name, name ? "" : "ok");
    else if (gave >= SELF_FAILED) untried(child_outcome(gave));
    else refused(name, child_outcome(gave));
}

_Noreturn void stay(void) {
    char x;
    while (read(over[0], &x, 1) < 0 && errno == EINTR) {}
    _exit(0);
}

unsigned long long breed(unsigned long long tasks, unsigned long long most, int *error) {
    *error = 0;
    while (tasks < most) {
        pid_t child = fork();
        if (child == 0) stay();
        if (child < 0) {
            *error = errno;
            break;
        }
        tasks++;
        result->number++;
    }
    return tasks;
}

unsigned long long amount(const char *argument, const char **path) {
    char *rest;
    unsigned long long number = strtoull(argument, &rest, 10);
    if (path) *path = *rest == '@' ? rest + 1 : rest;
    return number;
}

unsigned long long breed_and_end(unsigned long long tasks, unsigned long long most, int *error) {
    int own[2];
    *error = pipe2(own, O_CLOEXEC) ? errno : 0;
    while (!*error && tasks < most) {
        pid_t child = fork();
        if (child == 0) {
            char x;
            close(own[1]);
            while (read(own[0], &x, 1) < 0 && errno == EINTR) {}
            _exit(0);
        }
        if (child < 0) *error = errno;
        else tasks++;
    }
    close(own[1]);
    while (wait(NULL) > 0 || errno == EINTR) {}
    close(own[0]);
    return tasks;
}

int numbers_of(const char *line, int base, unsigned long long *numbers, int most) {
    int count = 0;
    while (count < most) {
        char *rest;
        line += strspn(line, " \t:");
        numbers[count] = strtoull(line, &rest, base);
        if (rest == line) break;
        line = rest;
        count++;
    }
    return count;
}

// Processes that the attack started are in its process group, and become ours when their parent ends.
static void end_all(pid_t group) {
    close(over[1]);
    kill(-group, SIGKILL);
    for (int status; waitpid(-group, &status, 0) > 0 || errno == EINTR;) {}
    close(over[0]);
}

static void begin(void (*function)(const char *), const char *argument) {
    // A signal mask or disposition from the container's start must not block the alarm.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGALRM, SIG_DFL);
    setpgid(0, 0);
    alarm(MOST_SECONDS);
    close(over[1]);
    function(argument);
    _exit(0);
}

const char *run_attack(void (*function)(const char *), const char *argument) {
    if (!result) {
        void *shared = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        static struct result own;
        result = shared == MAP_FAILED ? &own : shared;
        program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        // Where this is not the container's first process.
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }
    memset(result, 0, sizeof *result);
    pid_t child = -1;
    if (!pipe2(over, O_CLOEXEC)) {
        child = fork();
        if (child == 0) begin(function, argument);
    }
    int status = 0;
    if (child < 0) untried(error_name(errno));
    else {
        setpgid(child, child);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        end_all(child);
    }
    if (WIFSIGNALED(status)) {
        char signal[24];
        snprintf(signal, sizeof signal, WTERMSIG(status) == SIGALRM ? "no end in time" : "signal %d", WTERMSIG(status));
        if (result->counted) snprintf(result->end, sizeof result->end, "%s", signal);
        else if (WTERMSIG(status) == SIGALRM) untried(signal);
        else refused(NULL, signal);
    }
    if (result->counted) return "reached";
    if (*result->works) return "works";
    return *result->refused ? "refused" : "untried";
}

const char *result_detail(const char *outcome) {
    static char number[24];
    snprintf(number, sizeof number, "%llu", result->number);
    return !strcmp(outcome, "reached") ? number : !strcmp(outcome, "works") ? result->works : !strcmp(outcome, "refused") ? result->refused : result->untried;
}
