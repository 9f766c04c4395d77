/* Usage: setuid-probe
 *
 * Belongs to root and has the setuid bit. Called by another user:
 *   ruid N      the caller's
 *   euid N      0 when the bit counted; the caller's under no_new_privileges or on a nosuid mount
 */
#include "probe.h"

int main(void)
{
	printf("ruid %u\neuid %u\n", (unsigned)getuid(), (unsigned)geteuid());
	return 0;
}
