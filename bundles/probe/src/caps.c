/* Usage: caps
 *
 * Prints what this process may do:
 *   inheritable|permitted|effective|bounding|ambient 0xMASK    one line for each set, bit n for capability n
 *   no_new_privs 0|1      -1 when the kernel does not say; so for seccomp
 *   seccomp 0|1|2         off, strict, filter
 *   uid N, gid N          the effective ones
 *   groups A,B            the supplementary groups; "none" without any
 *   sigpipe default|ignored|handled
 *   nofile SOFT HARD      "unlimited" for no limit
 */
#include "probe.h"
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static unsigned long long both(unsigned low, unsigned high)
{
	return (unsigned long long)high << 32 | low;
}

/* Asks prctl for each capability that the kernel knows. */
static unsigned long long by_prctl(int option, int question)
{
	unsigned long long set = 0;

	for (int cap = 0; cap < 64; cap++) {
		int answer = question < 0 ? prctl(option, cap, 0, 0, 0) : prctl(option, question, cap, 0, 0);

		if (answer < 0)
			break;
		if (answer > 0)
			set |= 1ULL << cap;
	}
	return set;
}

static void print_limit(const char *before, rlim_t limit)
{
	if (limit == RLIM_INFINITY)
		printf("%sunlimited", before);
	else
		printf("%s%llu", before, (unsigned long long)limit);
}

int main(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	struct sigaction action;
	struct rlimit files;
	gid_t groups[1024];

	if (syscall(SYS_capget, &header, data)) {
		perror("capget");
		return 1;
	}
	printf("inheritable 0x%llx\n", both(data[0].inheritable, data[1].inheritable));
	printf("permitted 0x%llx\n", both(data[0].permitted, data[1].permitted));
	printf("effective 0x%llx\n", both(data[0].effective, data[1].effective));
	printf("bounding 0x%llx\n", by_prctl(PR_CAPBSET_READ, -1));
	printf("ambient 0x%llx\n", by_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET));
	printf("no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("seccomp %d\n", prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	printf("uid %u\ngid %u\n", (unsigned)geteuid(), (unsigned)getegid());

	int count = getgroups(sizeof groups / sizeof *groups, groups);
	printf("groups %s", count > 0 ? "" : "none");
	for (int i = 0; i < count; i++)
		printf(i ? ",%u" : "%u", (unsigned)groups[i]);

	sigaction(SIGPIPE, NULL, &action);
	printf("\nsigpipe %s\n", action.sa_handler == SIG_DFL ? "default" : action.sa_handler == SIG_IGN ? "ignored" : "handled");

	getrlimit(RLIMIT_NOFILE, &files);
	print_limit("nofile ", files.rlim_cur);
	print_limit(" ", files.rlim_max);
	putchar('\n');
	return 0;
}
