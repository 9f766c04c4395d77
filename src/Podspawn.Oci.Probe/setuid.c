#include "probe.h"
#include <sys/prctl.h>

static int execute(const void *program) {
    execl(program, program, "whoami", (char *)NULL);
    return errno;
}

void try_setuid_program(const char *program) {
    int bit = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    say("no_new_privs", bit < 0 ? error_name(errno) : bit ? "1" : "0", NULL);
    // The program itself reports its user, in its own line.
    int result = in_child(execute, program);
    if (result) say("setuid_program", child_outcome(result), NULL);
}
