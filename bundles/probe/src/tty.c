/* Usage: tty
 *
 * Tells of the terminal, then waits:
 *   isatty 0 1 2         those of the three standard streams that are a terminal; "isatty none" when none is
 *   size ROWS COLS       of the first of them; 0 0 without one; again at each SIGWINCH
 *   ctty yes|no          whether there is a controlling terminal, so that ^C and job control work
 *   ready
 * Exits 0 at the end of stdin, or at a line that is just "q".
 */
#include "probe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

static int changes[2];

static void handle(int number)
{
	int saved = errno;
	char byte = (char)number;

	/* A full pipe is no loss: a change is already waiting to be told. */
	if (write(changes[1], &byte, 1) != 1)
		errno = saved;
	errno = saved;
}

/* Old gVisor has no /dev/tty; a terminal tells its foreground group only to those that it controls. */
static int has_controlling_terminal(void)
{
	int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (terminal >= 0)
		return close(terminal) == 0;
	return tcgetpgrp(0) >= 0 || tcgetpgrp(1) >= 0 || tcgetpgrp(2) >= 0;
}

static void print_size(void)
{
	struct winsize size = { 0 };

	for (int fd = 0; fd <= 2; fd++)
		if (ioctl(fd, TIOCGWINSZ, &size) == 0)
			break;
	printf("size %u %u\n", size.ws_row, size.ws_col);
}

/* Returns whether stdin has ended or said "q". Keeps the length of a line across reads. */
static int finished(void)
{
	static char line[2];
	static size_t length;
	char input[256];
	ssize_t n = read(0, input, sizeof input);

	/* EIO: the other end of the terminal is gone. */
	if (n <= 0)
		return n == 0 || errno != EINTR;
	for (ssize_t i = 0; i < n; i++) {
		if (input[i] == '\n') {
			if (length == 1 && line[0] == 'q')
				return 1;
			length = 0;
		} else if (length < sizeof line) {
			line[length++] = input[i];
		}
	}
	return 0;
}

int main(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	struct pollfd ready[2] = { { .fd = 0, .events = POLLIN }, { .events = POLLIN } };
	int any = 0;
	char byte;

	if (pipe2(changes, O_CLOEXEC | O_NONBLOCK)) {
		perror("pipe2");
		return 1;
	}
	ready[1].fd = changes[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGWINCH, &action, NULL);

	printf("isatty");
	for (int fd = 0; fd <= 2; fd++)
		if (isatty(fd))
			any = printf(" %d", fd);
	puts(any ? "" : " none");
	print_size();
	printf("ctty %s\n", has_controlling_terminal() ? "yes" : "no");
	puts("ready");

	for (;;) {
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (read(changes[0], &byte, 1) == 1)
			print_size();
		if (ready[0].revents && finished())
			return 0;
		ready[0].revents = 0;
	}
}
