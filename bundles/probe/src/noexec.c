/* Usage: noexec DIR
 *
 * Copies itself into DIR, runs the copy, removes it, and tells the flags of the mount that DIR is on:
 *   exec ok|ERRNO       "copy ERRNO" in place of this when the copy cannot be made
 *   mount DIR rw|ro noexec|exec nosuid|suid nodev|dev      "mount DIR ERRNO" when statvfs(3) fails
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

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

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct statvfs fs;

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

	if (statvfs(argv[1], &fs)) {
		printf("mount %s %s\n", argv[1], error_name(errno));
		return 0;
	}
	printf("mount %s %s %s %s %s\n", argv[1], fs.f_flag & ST_RDONLY ? "ro" : "rw", fs.f_flag & ST_NOEXEC ? "noexec" : "exec",
	       fs.f_flag & ST_NOSUID ? "nosuid" : "suid", fs.f_flag & ST_NODEV ? "nodev" : "dev");
	return 0;
}
