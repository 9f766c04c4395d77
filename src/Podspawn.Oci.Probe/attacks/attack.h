// Attacks: the known ways around what a finding says, tried for real. An attack reports what it reached and judges nothing, undoes its effects, and
// leaves a host as it was even where it succeeds.
#ifndef ATTACK_H
#define ATTACK_H

#include "probe.h"

// The topic `attack`: runs one in separate processes, ends them all, and reports one line.
void attack(const char *finding, const char *name, const char *argument);

// The results of an attack, in memory that all its processes share. Each of its ways adds to one of the lists.
struct result {
    char works[4096], refused[1024], untried[256], more[64];
    int counted;
    volatile unsigned long long number;
    char end[64];
};
extern struct result *result;

// Runs one attack in separate processes, and ends them all; its results are in *result until the next one. Returns the outcome's word.
const char *run_attack(void (*function)(const char *), const char *argument);
// The text for the outcome: what works, or what refused, or why it was not tried.
const char *result_detail(const char *outcome);

// Record a way that worked, one that was stopped, and one that had nothing to try. The name may be null where there is only one way.
void works(const char *name, const char *what);
void refused(const char *name, const char *by);
void untried(const char *why);
// By errno: 0 works.
void told(const char *name, int error);
// Records a number that grew until something stopped it ("ok", an errno's name). May be called again as it grows.
void reached(unsigned long long number, const char *end);
// Tries one way in a child, which returns 0 or an errno.
void try(const char *name, int (*way)(const void *), const void *argument);

// A process that does nothing until the attack is over. It ends without a signal: killing another user's process needs another capability.
_Noreturn void stay(void);
// Forks such processes until there are `most` tasks, of `tasks` that there are; returns how many there are then, and the errno that stopped it. The
// recorded number grows with each, since the time limit may come first.
unsigned long long breed(unsigned long long tasks, unsigned long long most, int *error);
// The same, but the processes are gone when it returns.
unsigned long long breed_and_end(unsigned long long tasks, unsigned long long most, int *error);
// The number of tasks without those that the attack creates: the container's first process and the attack's own.
#define OWN_TASKS 2

// A new user namespace with all that flags name (CLONE_NEW...), by unshare or, where that is refused, by clone: the caller then continues as a child,
// which is one task more. Returns an errno.
int enter_user_namespace(int flags);
// Enters a new mount namespace whose changes stay in it; returns an errno. Where that fails an attack mounts in the current one, and undoes it.
int enter_mount_namespace(void);
// Where attacks mount: the one directory that every container has.
#define MOUNT_PLACE "/dev"
// Mounts a tmpfs there, in a new mount namespace where that is possible; returns an errno. own is the result of enter_mount_namespace.
int mount_own(int *own);
void unmount_own(void);

// This program, opened at the start: it can be copied where /proc is gone.
extern int program;
// Copies it; returns an errno. owner may be -1.
int copy_program(const char *path, mode_t mode, uid_t owner);
// The report of an executed program on itself.
struct became {
    unsigned uid;
    unsigned long long effective;
    int ask, unshared;  // whether to call unshare(CLONE_NEWUSER) there, and its errno
};
// Executes it with the argv mode `become`, and reads its report; returns an errno, or -1 when it ended without one. descriptor is executed
// where path is null. Before that, prepare (if any) runs in the same process.
int run_program(const char *path, int descriptor, int (*prepare)(void), struct became *became);
// The argv modes `become FD [unshare]` and `exec LABEL MOST`.
int say_what_it_became(const char *descriptor, int ask);
int look_from_exec(const char *label, const char *most);

// capget and capset by sets of 64 bits; they return an errno.
struct capabilities { unsigned long long effective, permitted, inheritable; };
int get_capabilities(struct capabilities *sets);
int set_capabilities(const struct capabilities *sets);
// The bounding set; and a function that sets a file's capabilities.
unsigned long long bounding_set(void);
int set_file_capabilities(const char *path, unsigned long long set);
// The text of a link in /proc/PID/ns, such as user:[4026531837]; returns an errno.
#define NAMESPACE_NAME 48
int name_of_namespace(const char *path, char name[NAMESPACE_NAME]);
// 16 hexadecimal digits, in a static buffer.
const char *mask(unsigned long long set);

// Creates and removes a file in a directory: 0 or an errno.
int make_and_remove(const char *directory);
// Lifts mount options by a remount, and by mount_setattr: in a new mount namespace where there is one. undo restores the mount's flags.
int lift_options(const char *path);
void restore_options(const char *path, unsigned long flags);

// Records the state at the program's start: call it first.
void remember_start(char **environment);
const char *names_at_start(void);
// "NUMBER@PATH", or NUMBER.
unsigned long long amount(const char *argument, const char **path);
// Parses the numbers at the beginning of a line, between blanks and colons; returns how many there are, up to most. A library's scanf would be half as large as all attacks.
int numbers_of(const char *line, int base, unsigned long long *numbers, int most);
// The cgroup tree: writes a value to the limit's file, and moves out of the limit's reach. more is tried where that worked, and returns 0 where the limit is gone.
// first, where it is not null, is a file that has to be given the value before.
struct cgroup_limit { const char *controller, *file, *value, *first; };
void attack_cgroups(const struct cgroup_limit *limits, int (*more)(const void *), const void *argument);

// The attacks, one file for each finding.
void pids_user_namespace(const char *most);
void pids_user_ids(const char *most);
void pids_threads(const char *most);
void pids_pid_namespace(const char *most);
void pids_double_fork(const char *most);
void pids_rlimit(const char *most);
void pids_cgroup(const char *most);
void capabilities_user_namespace(const char *unused);
void capabilities_file(const char *directory);
void capabilities_ambient(const char *unused);
void capabilities_ptrace(const char *unused);
void privileges_setuid(const char *directory);
void privileges_own_mount(const char *unused);
void privileges_file_capabilities(const char *directory);
void rootfs_remount(const char *unused);
void rootfs_bind_over(const char *unused);
void rootfs_user_namespace(const char *unused);
void rootfs_self_root(const char *unused);
void rootfs_init_root(const char *unused);
void rootfs_descriptor(const char *unused);
void rootfs_overlay(const char *unused);
void rootfs_raw_device(const char *unused);
void tmpfs_loader(const char *path);
void tmpfs_map(const char *path);
void tmpfs_mprotect(const char *path);
void tmpfs_memfd(const char *path);
void tmpfs_remount(const char *path);
void tmpfs_many_files(const char *argument);
void tmpfs_holes(const char *argument);
void tmpfs_links(const char *argument);
void seccomp_int80(const char *unused);
void seccomp_x32(const char *unused);
void seccomp_clone3(const char *unused);
void seccomp_clone(const char *unused);
void seccomp_unshare(const char *unused);
void seccomp_io_uring(const char *unused);
void seccomp_socket_domain(const char *unused);
void seccomp_other_thread(const char *unused);
void seccomp_tracer(const char *unused);
void masked_self_root(const char *path);
void masked_thread_self(const char *path);
void masked_init_root(const char *path);
void masked_task(const char *path);
void masked_second_proc(const char *path);
void masked_parent_bind(const char *path);
void masked_unmount(const char *path);
void readonly_self_root(const char *path);
void readonly_thread_self(const char *path);
void readonly_init_root(const char *path);
void readonly_task(const char *path);
void readonly_second_proc(const char *path);
void readonly_parent_bind(const char *path);
void readonly_unmount(const char *path);
void devices_mknod(const char *directory);
void devices_own_mount(const char *unused);
void devices_volume(const char *path);
void memory_shared(const char *bytes);
void memory_tmpfs(const char *argument);
void memory_sysv(const char *bytes);
void memory_cgroup(const char *unused);
void memory_pipes(const char *bytes);
void memory_page_cache(const char *bytes);
void cpus_cgroup(const char *unused);
void cpus_realtime(const char *unused);
void cpus_many(const char *unused);
void namespaces_setns(const char *unused);
void namespaces_abstract_socket(const char *name);
void namespaces_keyring(const char *name);
void namespaces_sysv(const char *key);
void namespaces_posix_shm(const char *name);
void namespaces_parent_process(const char *pid);
void egress_stream(const char *argument);
void egress_datagram(const char *argument);
void egress_ping(const char *host);
void egress_name(const char *name);
void egress_name_by_stream(const char *name);
void streams_tiocsti(const char *unused);
void streams_tioclinux(const char *unused);
void streams_signals(const char *unused);
void streams_environment(const char *unused);
void streams_keyring(const char *unused);

#endif
