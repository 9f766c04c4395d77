/* Usage: sigs
 *
 * Prints "ready" once it handles HUP INT QUIT TERM USR1 USR2 WINCH, then "got NAME" for each that arrives; exits 0 after TERM.
 */
#include "probe.h"
#include <fcntl.h>
#include <signal.h>

static int arrivals[2];

static void handle(int number)
{
	int saved = errno;
	char byte = (char)number;

	if (write(arrivals[1], &byte, 1) != 1)
		_exit(3);
	errno = saved;
}

int main(void)
{
	static const int handled[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH };
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	char number;

	if (pipe2(arrivals, O_CLOEXEC)) {
		perror("pipe2");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		sigaction(handled[i], &action, NULL);
	puts("ready");
	for (;;) {
		if (read(arrivals[0], &number, 1) != 1)
			continue;
		printf("got %s\n", sigabbrev_np(number));
		if (number == SIGTERM)
			return 0;
	}
}
