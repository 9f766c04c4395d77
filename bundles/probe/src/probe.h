/* What the probes share: error names, and the proof that a process that ran into its limit lives on. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* "none", or a name such as EPERM; an unknown number as the number. */
static inline const char *error_name(int error)
{
	static char number[16];

	if (error == 0)
		return "none";
	if (strerrorname_np(error))
		return strerrorname_np(error);
	snprintf(number, sizeof number, "%d", error);
	return number;
}

/* Forks once more: prints "alive yes", or "alive ERRNO". A joined thread's slot is given back only a moment after the join, so
 * EAGAIN is tried again for up to two seconds. */
static inline int print_alive(void)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	pid_t child = -1;

	fflush(stdout);
	for (int i = 0; i < 200; i++) {
		child = fork();
		if (child >= 0 || errno != EAGAIN)
			break;
		nanosleep(&moment, NULL);
	}
	if (child == 0)
		_exit(0);
	if (child < 0 || waitpid(child, NULL, 0) != child) {
		printf("alive %s\n", error_name(errno));
		return 1;
	}
	puts("alive yes");
	return 0;
}

static inline int usage(const char *text)
{
	fprintf(stderr, "usage: %s\n", text);
	return 2;
}
