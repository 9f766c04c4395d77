/* Usage: threads N
 *
 * Starts threads that wait, until a start fails or there are N of them, then lets them go and joins them:
 *   created K       how many there were, beside the main thread
 *   errno NAME      why the next start failed; "none" when N was reached
 *   alive yes       a fork after that; or the error's name, and exit status 1
 */
#include "probe.h"
#include <limits.h>
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *unused)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return unused;
}

int main(int argc, char **argv)
{
	long wanted = argc == 2 ? atol(argv[1]) : 0, created = 0;
	pthread_t *threads;
	pthread_attr_t small;
	int error = 0;

	if (wanted <= 0 || !(threads = calloc(wanted, sizeof *threads)))
		return usage("threads N");
	/* Small stacks, so that memory is not what runs out first. */
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 128 * 1024);

	pthread_mutex_lock(&gate);
	for (; created < wanted; created++) {
		error = pthread_create(&threads[created], &small, wait_at_gate, NULL);
		if (error)
			break;
	}
	printf("created %ld\nerrno %s\n", created, error_name(error));
	pthread_mutex_unlock(&gate);
	for (long i = 0; i < created; i++)
		pthread_join(threads[i], NULL);
	return print_alive();
}
