// Ways out to what a container is not allowed to reach.
#include "attack.h"
#include "network.h"

// "HOST PORT"
static const char *split(const char *argument, char host[256]) {
    size_t length = strcspn(argument, " ");
    snprintf(host, 256, "%.*s", (int)(length < 255 ? length : 255), argument);
    return argument[length] ? argument + length + 1 : "";
}

static void report(const char *what, int error) {
    if (error) refused(NULL, error_name(error));
    else works(NULL, what);
}

void egress_stream(const char *argument) {
    char host[256];
    const char *port = split(argument, host);
    report(argument, reach_stream(host, port));
}

void egress_datagram(const char *argument) {
    char host[256];
    const char *port = split(argument, host);
    report(argument, reach_datagram(host, port));
}

void egress_ping(const char *host) { report(host, ping(host)); }
void egress_name(const char *name) { report(name, look_up(name)); }
void egress_name_by_stream(const char *name) { report(name, look_up_by_stream(name)); }
