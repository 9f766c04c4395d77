/* Usage: try NAME...     try --list
 *
 * Makes each named call, with arguments that harm nothing even where the call is allowed, in a child of its own:
 *   NAME ok|ERRNO         "NAME killed-SIGNAL" when the call ended the child
 *
 * "Allowed" need not be "ok": the calls whose arguments are wrong on purpose answer, where nothing forbids them, reboot and
 * kexec_load EINVAL, swapon, acct, umount2 and mount-nowhere ENOENT, init_module ENOEXEC, open_by_handle_at ESTALE or the like. A
 * kernel that lacks a feature answers ENOSYS, EAFNOSUPPORT or EOPNOTSUPP.
 * Which guard refused: mount-nowhere, umount2, unshare-nothing, unshare-user, keyctl, add_key, personality and clone3 need no
 * capability, so only a seccomp filter refuses them (EPERM; ENOSYS for clone3); most of the others a missing capability refuses as well.
 */
#include "probe.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define NOWHERE "/nowhere-of-probe"

/* A directory of its own, made by main below $TMPDIR or /tmp and removed by it; empty, with the error, when that failed. */
static char scratch[PATH_MAX - 16];
static int scratch_error;

/* The path of a name in the scratch directory, or NULL with errno. */
static const char *in_scratch(const char *name)
{
	static char path[PATH_MAX];

	if (!*scratch) {
		errno = scratch_error;
		return NULL;
	}
	snprintf(path, sizeof path, "%s/%s", scratch, name);
	return path;
}

static long try_mount(void)
{
	const char *target = in_scratch("");

	if (!target || mount("none", target, "tmpfs", 0, NULL))
		return -1;
	umount2(target, MNT_DETACH);
	return 0;
}

static long try_mount_nowhere(void) { return mount("none", NOWHERE, "tmpfs", 0, NULL); }
static long try_umount2(void) { return umount2(NOWHERE, 0); }
static long try_unshare(void) { return unshare(CLONE_NEWUTS); }
static long try_unshare_nothing(void) { return unshare(0); }
static long try_unshare_user(void) { return unshare(CLONE_NEWUSER); }
static long try_setns(void) { int ns = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC); return ns < 0 ? -1 : setns(ns, 0); }
static long try_ptrace(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static long try_keyctl(void) { return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1); }
static long try_add_key(void) { return syscall(SYS_add_key, "user", "podspawn-probe", "x", 1, KEY_SPEC_PROCESS_KEYRING); }

static long try_bpf(void)
{
	union bpf_attr map;

	memset(&map, 0, sizeof map);
	map.map_type = BPF_MAP_TYPE_ARRAY;
	map.key_size = map.value_size = 4;
	map.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map);
}

static long try_chroot(void) { return chroot("/"); }

static long make_node(mode_t type, dev_t device)
{
	const char *path = in_scratch("node");

	if (!path || mknod(path, type | 0600, device))
		return -1;
	return unlink(path);
}

static long try_mknod(void) { return make_node(S_IFCHR, makedev(1, 3)); }
static long try_mknod_block(void) { return make_node(S_IFBLK, makedev(1, 0)); }
static long try_reboot(void) { return syscall(SYS_reboot, 0, 0, 0, NULL); }
static long try_kexec_load(void) { return syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0xff00UL); }
static long try_swapon(void) { return swapon(NOWHERE, 0); }
/* By number: the C library reads the clock itself for two null pointers. */
static long try_settimeofday(void) { return syscall(SYS_settimeofday, NULL, NULL); }
static long try_socket_af_alg(void) { return socket(AF_ALG, SOCK_SEQPACKET, 0); }
static long try_socket_af_vsock(void) { return socket(AF_VSOCK, SOCK_STREAM, 0); }
static long try_socket_af_x25(void) { return socket(AF_X25, SOCK_SEQPACKET, 0); }
static long try_socket_af_tipc(void) { return socket(AF_TIPC, SOCK_SEQPACKET, 0); }
static long try_socket_af_rxrpc(void) { return socket(AF_RXRPC, SOCK_DGRAM, AF_INET); }
static long try_socket_af_can(void) { return socket(AF_CAN, SOCK_RAW, 1); }
/* The kernel looks at the low 32 bits alone. */
static long try_socket_af_vsock_high(void) { return syscall(SYS_socket, 1UL << 32 | AF_VSOCK, SOCK_STREAM, 0); }
static long try_socket_unix(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static long try_socket_inet6(void) { return socket(AF_INET6, SOCK_STREAM, 0); }
static long try_socket_netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }

/* As a 32-bit x86 program calls it: any program can. Static and not position independent, so that the arguments lie below 4 GiB. */
static long socketcall(unsigned domain, unsigned type)
{
#ifdef __x86_64__
	static unsigned arguments[3];
	long result;

	arguments[0] = domain;
	arguments[1] = type;
	__asm__ volatile("int $0x80" : "=a"(result) : "0"(102L), "b"(1L), "c"(arguments) : "memory", "r8", "r9", "r10", "r11");
	errno = (int)-result;
	return (int)result < 0 ? -1 : 0;
#else
	(void)domain;
	(void)type;
	errno = ENOSYS;
	return -1;
#endif
}

static long try_socketcall_af_vsock(void) { return socketcall(AF_VSOCK, SOCK_STREAM); }
static long try_socketcall_af_alg(void) { return socketcall(AF_ALG, SOCK_SEQPACKET); }
static long try_socket_raw(void) { return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static long try_socket_ping(void) { return socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP); }
static long try_socket_packet(void) { return socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)); }
static long try_personality(void) { return personality(ADDR_NO_RANDOMIZE); }

static long try_clone3(void)
{
	struct clone_args arguments = { .exit_signal = SIGCHLD };
	long child = syscall(SYS_clone3, &arguments, sizeof arguments);

	if (child == 0)
		_exit(0);
	return child < 0 ? -1 : waitpid((pid_t)child, NULL, 0);
}

static long try_io_uring_setup(void)
{
	struct io_uring_params parameters = { 0 };

	return syscall(SYS_io_uring_setup, 1, &parameters);
}

/* 1: only faults of user mode, which needs no privilege. */
static long try_userfaultfd(void) { return syscall(SYS_userfaultfd, O_CLOEXEC | 1); }

static long try_perf_event_open(void)
{
	struct perf_event_attr event = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_TASK_CLOCK,
		.disabled = 1, .exclude_kernel = 1, .exclude_hv = 1,
	};

	return syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
}

static long try_open_by_handle_at(void)
{
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + 8];
	} none = { .handle = { .handle_bytes = 8, .handle_type = 1 } };
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return root < 0 ? -1 : open_by_handle_at(root, &none.handle, O_RDONLY);
}

static long try_init_module(void) { return syscall(SYS_init_module, NULL, 0UL, ""); }
static long try_acct(void) { return acct(NOWHERE); }

static long try_bind_80(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	return s < 0 ? -1 : bind(s, (struct sockaddr *)&address, sizeof address);
}

static long try_chown(void)
{
	const char *path = in_scratch("file");
	int file = path ? open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) : -1;
	long result = file < 0 ? -1 : fchown(file, 1, (gid_t)-1);
	int error = errno;

	if (file >= 0)
		unlink(path);
	errno = error;
	return result;
}

static const struct { const char *name; long (*call)(void); } calls[] = {
	{ "mount", try_mount }, { "mount-nowhere", try_mount_nowhere }, { "umount2", try_umount2 },
	{ "unshare", try_unshare }, { "unshare-nothing", try_unshare_nothing }, { "unshare-user", try_unshare_user },
	{ "setns", try_setns }, { "ptrace", try_ptrace }, { "keyctl", try_keyctl }, { "add_key", try_add_key },
	{ "bpf", try_bpf }, { "chroot", try_chroot }, { "mknod", try_mknod }, { "mknod-block", try_mknod_block },
	{ "reboot", try_reboot }, { "kexec_load", try_kexec_load }, { "swapon", try_swapon },
	{ "socket-af-vsock", try_socket_af_vsock }, { "socket-af-vsock-high", try_socket_af_vsock_high }, { "socket-af-x25", try_socket_af_x25 },
	{ "socket-af-tipc", try_socket_af_tipc }, { "socket-af-rxrpc", try_socket_af_rxrpc }, { "socket-af-can", try_socket_af_can },
	{ "socket-unix", try_socket_unix }, { "socket-inet6", try_socket_inet6 }, { "socket-netlink", try_socket_netlink },
	{ "socketcall-af-vsock", try_socketcall_af_vsock }, { "socketcall-af-alg", try_socketcall_af_alg },
	{ "settimeofday", try_settimeofday }, { "socket-af-alg", try_socket_af_alg }, { "socket-raw", try_socket_raw },
	{ "socket-ping", try_socket_ping }, { "socket-packet", try_socket_packet }, { "personality", try_personality },
	{ "clone3", try_clone3 }, { "io_uring_setup", try_io_uring_setup }, { "userfaultfd", try_userfaultfd },
	{ "perf_event_open", try_perf_event_open }, { "open_by_handle_at", try_open_by_handle_at },
	{ "init_module", try_init_module }, { "acct", try_acct }, { "bind-80", try_bind_80 }, { "chown", try_chown },
};

#define CALLS (sizeof calls / sizeof *calls)

/* Returns 1 for a name that is not in the table, else 0 and prints the outcome. */
static int try(const char *name)
{
	size_t i = 0;
	int status;
	pid_t child;

	while (i < CALLS && strcmp(calls[i].name, name))
		i++;
	if (i == CALLS) {
		fprintf(stderr, "try: unknown name '%s'; see 'try --list'\n", name);
		return 1;
	}
	fflush(stdout);
	child = fork();
	/* The exit status carries the error: each is below 134. */
	if (child == 0)
		_exit(calls[i].call() < 0 ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) != child)
		printf("%s fork-%s\n", name, error_name(errno));
	else if (WIFSIGNALED(status))
		printf("%s killed-%s\n", name, sigabbrev_np(WTERMSIG(status)));
	else
		printf("%s %s\n", name, WEXITSTATUS(status) ? error_name(WEXITSTATUS(status)) : "ok");
	return 0;
}

int main(int argc, char **argv)
{
	int unknown = 0;

	if (argc < 2)
		return usage("try NAME... | try --list");
	if (strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < CALLS; i++)
			puts(calls[i].name);
		return 0;
	}
	snprintf(scratch, sizeof scratch, "%s/try-probe.XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(scratch)) {
		scratch_error = errno;
		*scratch = '\0';
	}
	for (int i = 1; i < argc; i++)
		unknown |= try(argv[i]);
	if (*scratch)
		rmdir(scratch);
	return unknown ? 2 : 0;
}
