#ifndef NETWORK_H
#define NETWORK_H

// Each returns an errno: ENOENT where the name is not resolved, ETIMEDOUT where nothing answers. A host is a name or an address.
int reach_stream(const char *host, const char *port);
// By UDP; whatever comes back is an answer.
int reach_datagram(const char *host, const char *port);
// By a message of ICMP, which needs no right of its own (ping_group_range, icmp(7)).
int ping(const char *host);
int look_up(const char *name);
// The same by TCP.
int look_up_by_stream(const char *name);

// Connects a socket that does not block; the descriptor is -1 where it fails.
int open_to(const char *host, const char *port, int kind, int *descriptor);
int await(int descriptor, short events);

#endif
