// The program that looks at a container from the inside. It reports what it observes as lines of tab-separated fields and judges nothing:
// it does not know what was asked for. It needs no file of the root filesystem, and no shell.
#ifndef PROBE_H
#define PROBE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// A user that no container runs as, for files that must belong to another user.
#define STRANGER 65533

// Writes one line: the fields up to a null pointer. Control characters and backslashes in a field become \ooo.
void say(const char *topic, ...);

// The errno's name (EPERM), or its number.
const char *error_name(int error);

// "ok" for 0, else the errno's name.
const char *outcome(int error);

// Runs attempt(argument) in a child process, and returns its result (0 or an errno, below 255); the child's death by signal n is -n, and
// SELF_FAILED + errno means that there was no child.
#define SELF_FAILED 1000
int in_child(int (*attempt)(const void *), const void *argument);

// The text for such a result.
const char *child_outcome(int result);

// A path below directory, in a static buffer of its own for each call of a function that uses it.
void below(char path[PATH_MAX], const char *directory, const char *name);

// Reports each line of /proc/self/status that is about privileges; returns an errno.
int read_status(void (*tell)(const char *key, const char *value));

// The kind of a file, in a word; the descriptor tells whether it is a terminal.
const char *kind_of(const struct stat *file, int descriptor);

void look_at_self(void);
void look_at_capabilities(void);
void try_privileged_calls(const char *directory);
void try_setuid_program(const char *program);
void look_at_mounts(void);
void look_at_process_limits(void);
void look_at_tmpfs(const char *path, const char *fill);
void try_system_calls(void);
void look_at_masked_path(const char *path);
void look_at_readonly_path(const char *path);
void look_at_namespaces(void);
void look_at_devices(void);
void search_for_devices(void);
void look_at_streams(void);
void look_at_kernel(void);
void look_at_way(const char *host, const char *port);
void fork_to_the_limit(const char *most);
void fill_memory(const char *bytes);

#endif
