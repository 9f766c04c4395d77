/* Usage: streams attack | watch
 *
 * Attacks the files behind the standard streams, as a hostile command would that wants more of its caller's than to read and write in turn.
 *   attack   its own streams, and those of every other process that it can see: once
 *   watch    those of every other process, again and again, until a signal ends it; begins with "ready"
 * A line for each attack that reached a file, terminal or device which is not the container's own:
 *   hit PID FD WHAT      WHAT is reopened, truncated, overwritten, read_back, mode, owner, keystroke, terminal_mode
 * "attack" ends with "attacked FDS", the number of descriptors that were tried.
 *
 * A file in memory that is sealed against every change holds a program that a runtime, or we, have made for one process: only its content counts.
 * A pipe is nobody's file: what is done to one that was made for the run reaches nobody. Whether it was is for the host to see.
 */
#include "probe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <termios.h>

#define PROC_SUPER_MAGIC 0x9fa0
#define EVIL "evil\n"

static int tried;

static void hit(int pid, int fd, const char *what)
{
	printf("hit %d %d %s\n", pid, fd, what);
	fflush(stdout);
}

/* The container's own: what lies on its root, its /dev, or in its /proc; a terminal of its own devpts; pipes and the like. Whose a null device is,
 * only the host can see: it is attacked all the same. */
static int is_own(int fd, const struct stat *file)
{
	static const char *const places[] = { "/", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/probe" };
	struct statfs filesystem;
	struct stat place;

	if (!S_ISREG(file->st_mode) && !S_ISCHR(file->st_mode) && !S_ISBLK(file->st_mode) && !S_ISDIR(file->st_mode))
		return 1;
	if (fstatfs(fd, &filesystem) == 0 && filesystem.f_type == PROC_SUPER_MAGIC)
		return 1;
	if (S_ISCHR(file->st_mode) && !isatty(fd))
		return 1;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (stat(places[i], &place) == 0 && place.st_dev == file->st_dev)
			return 1;
	return 0;
}

/* A file of a file system has no such seals (fcntl(2)). */
static int is_sealed(int fd)
{
	const int all = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & all) == all;
}

static void attack_terminal(int pid, int fd)
{
	struct termios mode;

	if (ioctl(fd, TIOCSTI, "x") == 0)
		hit(pid, fd, "keystroke");
	if (tcgetattr(fd, &mode) == 0) {
		mode.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
		if (tcsetattr(fd, TCSANOW, &mode) == 0)
			hit(pid, fd, "terminal_mode");
	}
}

/* The same file by a descriptor of our own, with all rights. */
static void attack(int pid, int fd)
{
	char path[64], byte;
	struct stat file;
	int open_flags[] = { O_RDWR, O_WRONLY, O_RDONLY };

	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	for (size_t i = 0; i < sizeof open_flags / sizeof *open_flags; i++) {
		int own = open(path, open_flags[i] | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), sealed;

		if (own < 0)
			continue;
		tried++;
		if (fstat(own, &file) != 0) {
			close(own);
			continue;
		}
		if (is_own(own, &file)) {
			if (S_ISCHR(file.st_mode))
				fchmod(own, 0604);
			close(own);
			return;
		}
		sealed = is_sealed(own);
		if (!sealed)
			hit(pid, fd, "reopened");
		if (fchown(own, 65533, 65533) == 0 && !sealed)
			hit(pid, fd, "owner");
		if (fchmod(own, 04777) == 0 && !sealed)
			hit(pid, fd, "mode");
		attack_terminal(pid, own);
		if (S_ISREG(file.st_mode)) {
			if (pread(own, &byte, 1, 0) == 1 && !sealed)
				hit(pid, fd, "read_back");
			if (pwrite(own, EVIL, sizeof EVIL - 1, 0) > 0)
				hit(pid, fd, "overwritten");
			if (ftruncate(own, 0) == 0)
				hit(pid, fd, "truncated");
		}
		close(own);
	}
}

/* By the inherited descriptor itself, which may allow what opening it anew does not. */
static void attack_inherited(int fd)
{
	struct stat file;

	if (fstat(fd, &file) != 0)
		return;
	tried++;
	/* Changes nobody's file where it is a pipe of the run's own; the caller's pipes and sockets are compared by the host. */
	if (fchmod(fd, 04777) == 0 && !is_own(fd, &file))
		hit(getpid(), fd, "mode");
	if (fchown(fd, 65533, 65533) == 0 && !is_own(fd, &file))
		hit(getpid(), fd, "owner");
	if (S_ISREG(file.st_mode) && !is_own(fd, &file) && ftruncate(fd, 0) == 0)
		hit(getpid(), fd, "truncated");
	if (isatty(fd) && !is_own(fd, &file))
		attack_terminal(getpid(), fd);
}

static void attack_all(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *process, *descriptor;
	char path[300];

	if (!processes)
		return;
	while ((process = readdir(processes))) {
		int pid = atoi(process->d_name);
		DIR *descriptors;

		if (pid <= 0)
			continue;
		snprintf(path, sizeof path, "/proc/%d/fd", pid);
		descriptors = opendir(path);
		if (!descriptors)
			continue;
		while ((descriptor = readdir(descriptors)))
			if (descriptor->d_name[0] != '.' && !(pid == getpid() && atoi(descriptor->d_name) > 2))
				attack(pid, atoi(descriptor->d_name));
		closedir(descriptors);
	}
	closedir(processes);
}

int main(int count, char **words)
{
	if (count == 2 && strcmp(words[1], "attack") == 0) {
		for (int fd = 0; fd <= 2; fd++)
			attack_inherited(fd);
		attack_all();
		printf("attacked %d\n", tried);
		return 0;
	}
	if (count == 2 && strcmp(words[1], "watch") == 0) {
		puts("ready");
		fflush(stdout);
		for (;;)
			attack_all();
	}
	return usage("streams attack | watch");
}
