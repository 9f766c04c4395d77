/* Usage: fill DIR [MAX]
 *
 * Writes to DIR/fill until that fails or MAX bytes (default 1 GiB, to spare a disk without a limit) are there; removes it:
 *   bytes N         how many there were
 *   errno NAME      why no more; "none" when MAX was reached
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>

int main(int argc, char **argv)
{
	static char block[64 * 1024];
	long long max = argc == 3 ? atoll(argv[2]) : 1LL << 30, written = 0;
	char path[PATH_MAX];
	int error = 0;

	if (argc < 2 || argc > 3 || max <= 0)
		return usage("fill DIR [MAX]");
	snprintf(path, sizeof path, "%s/fill", argv[1]);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0) {
		printf("bytes 0\nerrno %s\n", error_name(errno));
		return 0;
	}
	while (written < max) {
		long long left = max - written;
		ssize_t n = write(file, block, left < (long long)sizeof block ? (size_t)left : sizeof block);

		if (n < 0) {
			error = errno;
			break;
		}
		written += n;
	}
	close(file);
	unlink(path);
	printf("bytes %lld\nerrno %s\n", written, error_name(error));
	return 0;
}
