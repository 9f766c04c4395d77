#include "attack.h"
#include <sched.h>
#include <sys/mount.h>

// The tree of control groups, wherever it is visible: the limit's file is written (and written back), and a process leaves for the group above.

struct way {
    const struct cgroup_limit *limit;
    const char *directory;
    int (*more)(const void *);
    const void *argument;
};

// The root of the mount that is tried.
static const char *where = "";

static int put(const char *directory, const char *name, const char *value) {
    char path[PATH_MAX];
    below(path, directory, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    int error = write(file, value, strlen(value)) < 0 ? errno : 0;
    close(file);
    return error;
}

static int get(const char *directory, const char *name, char *value, size_t room) {
    char path[PATH_MAX];
    below(path, directory, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno;
    ssize_t length = read(file, value, room - 1);
    close(file);
    value[length < 0 ? 0 : length] = 0;
    return length <= 0 ? EIO : 0;
}

static int lift(const void *argument) {
    const struct way *way = argument;
    const char *first = way->limit->first;
    char before[64], before_first[64];
    int error = get(way->directory, way->limit->file, before, sizeof before);
    if (error) return error;
    if (first && (get(way->directory, first, before_first, sizeof before_first) || put(way->directory, first, way->limit->value))) first = NULL;
    error = put(way->directory, way->limit->file, way->limit->value);
    if (error) {
        if (first) put(way->directory, first, before_first);
        return error;
    }
    int gave = way->more ? in_child(way->more, way->argument) : 0;
    put(way->directory, way->limit->file, before);
    if (first) put(way->directory, first, before_first);
    return gave < 0 ? ECHILD : gave >= SELF_FAILED ? gave - SELF_FAILED : gave;
}

static int leave(const void *argument) {
    const struct way *way = argument;
    int error = put(way->directory, "cgroup.procs", "0");
    if (!error && way->more) error = way->more(way->argument);
    return error;
}

// A group below, from which the process moves to the one above: this proves more only where the limit is not that group's.
static int through_child(const void *argument) {
    const struct way *way = argument;
    char child[PATH_MAX];
    below(child, way->directory, ".podspawn-attack");
    if (mkdir(child, 0755)) return errno;
    int error = put(child, "cgroup.procs", "0");
    if (!error && way->more) error = way->more(way->argument);
    put(way->directory, "cgroup.procs", "0");
    rmdir(child);
    return error;
}

// The path of our own group in the hierarchy of a controller; in version 2 the only one. Returns whether there is one.
static int own_group(const char *controller, char *group, size_t room) {
    FILE *table = fopen("/proc/self/cgroup", "re");
    char line[PATH_MAX];
    int found = 0;
    while (table && !found && fgets(line, sizeof line, table)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = line, *names = (strsep(&rest, ":"), strsep(&rest, ":"));
        if (!rest || !names) continue;
        for (char *name; !found && (name = strsep(&names, ","));)
            if (!strcmp(name, controller)) found = snprintf(group, room, "%s", rest) > 0;
    }
    if (table) fclose(table);
    return found;
}

// The options of a version 1 mount name its controllers.
static int has_word(const char *options, const char *word) {
    size_t length = strlen(word);
    for (const char *at = options; (at = strstr(at, word)); at += length)
        if (strchr(" ,", at[-1]) && strchr(",\n", at[length])) return 1;
    return 0;
}

static void attempt(const char *kind, int (*function)(const void *), const struct way *way) {
    char name[PATH_MAX + 64];
    snprintf(name, sizeof name, "%s %s%s", kind, way->directory, where);
    int gave = in_child(function, way);
    if (gave == ENOENT) return;
    if (!gave) works(name, "");
    else refused(name, child_outcome(gave));
}

struct tree { const struct cgroup_limit *limits; int user, version2; int (*more)(const void *); const void *argument; };

static void attack_directory(const struct cgroup_limit *limit, const char *directory, int ours, const struct tree *tree) {
    struct way way = {limit, directory, tree->more, tree->argument};
    attempt(limit->file, lift, &way);
    // Without a limit that has an effect, a new group below the limit is not a way out of it.
    if (tree->more && ours) attempt("child group", through_child, &way);
    if (!ours) attempt("cgroup.procs", leave, &way);
}

// root is what is mounted, in the hierarchy's own paths; where our own group lies below it, both it and the mount are tried.
static void attack_mount(const struct cgroup_limit *limit, const char *place, const char *root, const struct tree *tree) {
    char group[PATH_MAX], inner[2 * PATH_MAX];
    if (!own_group(tree->version2 ? "" : limit->controller, group, sizeof group)) return;
    // "/..": the mount is from outside the namespace, and so from above.
    if (!strncmp(root, "/..", 3)) {
        attack_directory(limit, place, 0, tree);
        return;
    }
    size_t length = strcmp(root, "/") ? strlen(root) : 0;
    int above = strcmp(root, group) && !strncmp(group, root, length) && group[length] == '/' && group[length + 1];
    snprintf(inner, sizeof inner, "%s%s/%s", place, above ? group + length : "", limit->file);
    // A hierarchy without the limit has nothing to leave.
    if (access(inner, F_OK)) return;
    inner[strlen(inner) - strlen(limit->file) - 1] = 0;
    attack_directory(limit, inner, 1, tree);
    if (above) attack_directory(limit, place, 0, tree);
}

static int mount_tree(const void *argument) {
    const struct tree *tree = argument;
    if (tree->user) {
        int error = enter_user_namespace(CLONE_NEWNS | CLONE_NEWCGROUP);
        if (error) return error;
    }
    where = tree->user ? " in a user namespace" : " by a mount";
    int own = tree->user ? 0 : enter_mount_namespace();
    int error = mount("none", MOUNT_PLACE, tree->version2 ? "cgroup2" : "cgroup", 0, tree->version2 ? NULL : tree->limits->controller) ? errno : 0;
    if (error) return error;
    // In the own tree the namespace's group is the root: what lies above it is out of sight.
    for (const struct cgroup_limit *limit = tree->limits; limit->file; limit++) attack_mount(limit, MOUNT_PLACE, "/", tree);
    if (own) umount2(MOUNT_PLACE, MNT_DETACH);
    return 0;
}

void attack_cgroups(const struct cgroup_limit *limits, int (*more)(const void *), const void *argument) {
    FILE *table = fopen("/proc/self/mountinfo", "re");
    char *line = NULL;
    size_t room = 0;
    while (table && getline(&line, &room, table) > 0) {
        char *rest = line, *field[5] = {0};
        for (int i = 0; i < 5; i++) field[i] = strsep(&rest, " ");
        const char *type = rest ? strstr(rest, " - cgroup") : NULL;
        if (!type) continue;
        struct tree tree = {limits, 0, type[9] == '2', more, argument};
        for (const struct cgroup_limit *limit = limits; limit->file; limit++)
            if (tree.version2 || has_word(strrchr(type, ' '), limit->controller)) attack_mount(limit, field[4], field[3], &tree);
    }
    free(line);
    if (table) fclose(table);
    for (int i = 0; i < 4; i++) {
        struct tree tree = {limits, i >> 1, i & 1, more, argument};
        int gave = in_child(mount_tree, &tree);
        char name[64];
        snprintf(name, sizeof name, "mount of %s%s", i & 1 ? "cgroup2" : "cgroup", i >> 1 ? " in a user namespace" : "");
        if (gave) refused(name, child_outcome(gave));
    }
}
