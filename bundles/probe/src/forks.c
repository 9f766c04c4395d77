/* Usage: forks N
 *
 * Forks children that wait, until a fork fails or there are N of them, then lets them go and reaps them:
 *   created K       how many there were, beside this process
 *   errno NAME      why the next fork failed; "none" when N was reached
 *   alive yes       a fork after that; or the error's name, and exit status 1
 */
#include "probe.h"

int main(int argc, char **argv)
{
	long wanted = argc == 2 ? atol(argv[1]) : 0, created = 0;
	int gate[2], error = 0;
	char byte;

	if (wanted <= 0)
		return usage("forks N");
	if (pipe(gate)) {
		perror("pipe");
		return 1;
	}
	while (created < wanted) {
		pid_t child = fork();

		if (child < 0) {
			error = errno;
			break;
		}
		if (child == 0) {
			/* Ends when the parent closes its end, or dies. */
			close(gate[1]);
			_exit(read(gate[0], &byte, 1) != 0);
		}
		created++;
	}
	printf("created %ld\nerrno %s\n", created, error_name(error));
	close(gate[1]);
	while (wait(NULL) > 0)
		;
	return print_alive();
}
