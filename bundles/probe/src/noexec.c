/* Usage: noexec DIR
 *
 * Copies itself into DIR, runs the copy, removes it, and tells the flags of the mount that DIR is on:
 *   exec ok|ERRNO       "copy ERRNO" in place of this when the copy cannot be made
 *   mount DIR rw|ro noexec|exec nosuid|suid nodev|dev      "mount DIR ERRNO" when statfs(2) fails
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

/* Returns 0 or an errno. */
static int copy_self(const char *to)
{
	char block[64 * 1024];
	ssize_t n = -1;
	int error = 0;
	int source = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int target = source < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	if (target < 0)
		return errno;
	while (!error && (n = read(source, block, sizeof block)) > 0)
		if (write(target, block, n) != n)
			error = errno ? errno : ENOSPC;
	if (n < 0)
		error = errno;
	close(source);
	/* A file that is open for writing cannot be executed. */
	close(target);
	return error;
}

/* Returns 0 when the program ran, else an errno. */
static int run(const char *program)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		execl(program, program, "--ran", (char *)NULL);
		_exit(errno);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

/* The flags of mountinfo for the mount that holds the path: the last of those with the longest mount point. */
static unsigned long flags_by_mountinfo(const char *path)
{
	static char line[3 * PATH_MAX], point[PATH_MAX], options[PATH_MAX];
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	unsigned long flags = 0;
	size_t longest = 0;

	while (mounts && fgets(line, sizeof line, mounts)) {
		if (sscanf(line, "%*s %*s %*s %*s %4095s %4095s", point, options) != 2)
			continue;
		size_t length = strcmp(point, "/") ? strlen(point) : 0;
		if (length < longest || strncmp(path, point, length) || (path[length] && path[length] != '/'))
			continue;
		longest = length;
		flags = 0;
		for (char *option = strtok(options, ","); option; option = strtok(NULL, ",")) {
			flags |= strcmp(option, "ro") ? 0 : ST_RDONLY;
			flags |= strcmp(option, "noexec") ? 0 : ST_NOEXEC;
			flags |= strcmp(option, "nosuid") ? 0 : ST_NOSUID;
			flags |= strcmp(option, "nodev") ? 0 : ST_NODEV;
		}
	}
	if (mounts)
		fclose(mounts);
	return flags;
}

/* Returns 0 and the flags, or an errno. */
static int mount_flags(const char *directory, unsigned long *flags)
{
	/* Linux sets this bit when the flags mean anything; gVisor of 2022 leaves all of them 0. */
	const unsigned long valid = 0x20;
	char path[PATH_MAX];
	struct statfs fs;

	if (statfs(directory, &fs) || !realpath(directory, path))
		return errno;
	*flags = (unsigned long)fs.f_flags;
	if (!(*flags & valid))
		*flags = flags_by_mountinfo(path);
	return 0;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	unsigned long flags = 0;

	if (argc != 2)
		return usage("noexec DIR");
	if (strcmp(argv[1], "--ran") == 0)
		return 0;

	snprintf(path, sizeof path, "%s/noexec-probe.%d", argv[1], (int)getpid());
	int error = copy_self(path);
	if (error) {
		printf("copy %s\n", error_name(error));
	} else {
		fflush(stdout);
		error = run(path);
		printf("exec %s\n", error ? error_name(error) : "ok");
	}
	unlink(path);

	error = mount_flags(argv[1], &flags);
	if (error) {
		printf("mount %s %s\n", argv[1], error_name(error));
		return 0;
	}
	printf("mount %s %s %s %s %s\n", argv[1], flags & ST_RDONLY ? "ro" : "rw", flags & ST_NOEXEC ? "noexec" : "exec",
	       flags & ST_NOSUID ? "nosuid" : "suid", flags & ST_NODEV ? "nodev" : "dev");
	return 0;
}
