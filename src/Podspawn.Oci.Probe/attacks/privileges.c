#include "attack.h"
#include <sched.h>

// Which user a program runs as that is executed by another user than its owner.
#define OTHER_USER 65532

static int copy_as_stranger(const void *path) {
    if (setresuid(STRANGER, STRANGER, STRANGER)) return errno;
    return copy_program(path, 04755, (uid_t)-1);
}

static void execute_setuid(const char *name, const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-attack-setuid");
    int error = copy_program(path, 04755, STRANGER);
    // A process that may not change a file's owner may change its user before it creates the file.
    if (error == EPERM && !in_child(copy_as_stranger, path)) error = 0;
    if (error) {
        untried(error_name(error));
        return;
    }
    struct became became = {0};
    error = run_program(path, -1, NULL, &became);
    unlink(path);
    if (error) refused(name, error < 0 ? "ended" : error_name(error));
    else if (became.uid == STRANGER && geteuid() != STRANGER) works(name, "user id 65533");
    else refused(name, "the user stays");
}

void privileges_setuid(const char *directory) { execute_setuid(NULL, directory); }

static int in_own_mount(const void *user) {
    if (user) {
        int error = enter_user_namespace(CLONE_NEWNS);
        if (error) return error;
    }
    int error = mount_own(NULL);
    if (error) return error;
    execute_setuid(user ? "in a user namespace" : "mount", MOUNT_PLACE);
    unmount_own();
    return 0;
}

void privileges_own_mount(const char *unused) {
    (void)unused;
    for (int user = 0; user < 2; user++) {
        int gave = in_child(in_own_mount, user ? "" : NULL);
        if (gave) refused(user ? "in a user namespace" : "mount", child_outcome(gave));
    }
}

static int become_other(void) {
    // Where that is refused, the program is executed by the current user.
    return setresuid(OTHER_USER, OTHER_USER, OTHER_USER) && errno != EPERM ? errno : 0;
}

void privileges_file_capabilities(const char *directory) {
    char path[PATH_MAX];
    below(path, directory, ".podspawn-attack-gain");
    int error = copy_program(path, 0755, (uid_t)-1);
    if (error) {
        untried(error_name(error));
        return;
    }
    unsigned long long set = bounding_set();
    struct became became = {0};
    struct capabilities own = {0};
    get_capabilities(&own);
    error = set_file_capabilities(path, set ? set : 0x1ffffffffff);
    // The change of user leaves nothing permitted, unless it is refused.
    int other = geteuid() == 0 && (own.effective >> 7 & 1);
    if (!error) error = run_program(path, -1, become_other, &became);
    unlink(path);
    unsigned long long gained = became.effective & ~(other ? 0 : own.permitted);
    if (error) refused(NULL, error < 0 ? "ended" : error_name(error));
    else if (gained) works(NULL, mask(gained));
    else refused(NULL, "nothing gained");
}
