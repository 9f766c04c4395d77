/* Usage: writable
 *
 * Tries to create, and removes, a file in / and in each mount point of /proc/self/mountinfo; opens a mount point that is a file
 * for writing, and changes nothing in it:
 *   PATH yes|ERRNO      "PATH device" for a device, such as /dev/null over a masked file; PATH is escaped as in mountinfo
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static int is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* mountinfo writes blanks and such as \ooo. */
static void decode(const char *from, char *to)
{
	while (*from) {
		if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) && is_octal(from[3])) {
			*to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

static const char *attempt(const char *path)
{
	char file[PATH_MAX + 32];
	struct stat info;
	struct statvfs fs;
	int fd;

	if (stat(path, &info))
		return error_name(errno);
	if (S_ISDIR(info.st_mode)) {
		snprintf(file, sizeof file, "%s/.writable-probe.%d", strcmp(path, "/") ? path : "", (int)getpid());
		fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0)
			unlink(file);
		/* In /proc nothing can be created anywhere: there, what tells is the mount. */
		else if (errno == ENOENT && statvfs(path, &fs) == 0 && fs.f_flag & ST_RDONLY)
			return error_name(EROFS);
	} else if (S_ISREG(info.st_mode)) {
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	} else {
		return "device";
	}
	if (fd < 0)
		return error_name(errno);
	close(fd);
	return "yes";
}

int main(void)
{
	static char line[3 * PATH_MAX], escaped[PATH_MAX], path[PATH_MAX];
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	printf("/ %s\n", attempt("/"));
	if (!mounts) {
		perror("/proc/self/mountinfo");
		return 1;
	}
	while (fgets(line, sizeof line, mounts)) {
		/* id, parent, device, root, mount point; 4095 is PATH_MAX less the end. */
		if (sscanf(line, "%*s %*s %*s %*s %4095s", escaped) != 1)
			continue;
		decode(escaped, path);
		if (strcmp(path, "/"))
			printf("%s %s\n", escaped, attempt(path));
	}
	fclose(mounts);
	return 0;
}
