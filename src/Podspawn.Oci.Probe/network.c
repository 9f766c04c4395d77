// Ways to other hosts: whether something there answers.
#include "probe.h"
#include "network.h"
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>

// Longer than any answer on a host takes; a packet that is dropped in silence costs as much.
#define PATIENCE_MILLISECONDS 1500

int await(int descriptor, short events) {
    struct pollfd waiting = {.fd = descriptor, .events = events};
    int ready;
    while ((ready = poll(&waiting, 1, PATIENCE_MILLISECONDS)) < 0 && errno == EINTR) {}
    return ready < 0 ? errno : ready == 0 ? ETIMEDOUT : 0;
}

int open_to(const char *host, const char *port, int kind, int *descriptor) {
    struct addrinfo hints = {.ai_socktype = kind}, *found;
    *descriptor = -1;
    if (getaddrinfo(host, port, &hints, &found)) return ENOENT;
    int error = ENOENT;
    for (struct addrinfo *one = found; one; one = one->ai_next) {
        int made = socket(one->ai_family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (made < 0) {
            error = errno;
            continue;
        }
        error = connect(made, one->ai_addr, one->ai_addrlen) ? errno : 0;
        socklen_t length = sizeof error;
        if (error == EINPROGRESS && !(error = await(made, POLLOUT)) && getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &length)) error = errno;
        if (!error) {
            *descriptor = made;
            break;
        }
        close(made);
    }
    freeaddrinfo(found);
    return error;
}

int reach_stream(const char *host, const char *port) {
    int descriptor, error = open_to(host, port, SOCK_STREAM, &descriptor);
    if (!error) close(descriptor);
    return error;
}

int reach_datagram(const char *host, const char *port) {
    char answer[64];
    int descriptor, error = open_to(host, port, SOCK_DGRAM, &descriptor);
    if (error) return error;
    error = send(descriptor, "?", 1, 0) < 0 ? errno : await(descriptor, POLLIN);
    if (!error && recv(descriptor, answer, sizeof answer, 0) < 0) error = errno;
    close(descriptor);
    return error;
}

int ping(const char *host) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found;
    if (getaddrinfo(host, NULL, &hints, &found)) return ENOENT;
    struct icmphdr echo = {.type = ICMP_ECHO}, answer;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
    int error = descriptor < 0 ? errno : 0;
    if (!error && sendto(descriptor, &echo, sizeof echo, 0, found->ai_addr, found->ai_addrlen) < 0) error = errno;
    if (!error) error = await(descriptor, POLLIN);
    if (!error && recv(descriptor, &answer, sizeof answer, 0) < 0) error = errno;
    if (!error && answer.type != ICMP_ECHOREPLY) error = EHOSTUNREACH;
    if (descriptor >= 0) close(descriptor);
    freeaddrinfo(found);
    return error;
}

int look_up(const char *name) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(name, NULL, &hints, &found)) return ENOENT;
    freeaddrinfo(found);
    return 0;
}

// The first server of /etc/resolv.conf; 0 where there is none.
static int server(char address[64]) {
    char line[256];
    int found = 0;
    FILE *file = fopen("/etc/resolv.conf", "re");
    while (file && !found && fgets(line, sizeof line, file)) {
        if (strncmp(line, "nameserver ", 11)) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(address, 64, "%.63s", line + 11);
        found = 1;
    }
    if (file) fclose(file);
    return found;
}

int look_up_by_stream(const char *name) {
    // RFC 1035, 4.1: the length, the head, one question of type A and class IN.
    unsigned char message[512] = {0, 0, 0, 7, 1, 0, 0, 1};
    char address[64];
    size_t at = 14;
    if (strlen(name) > 250 || !server(address)) return ENOENT;
    for (const char *label = name; *label;) {
        size_t length = strcspn(label, ".");
        message[at++] = (unsigned char)length;
        memcpy(message + at, label, length);
        at += length;
        label += length + (label[length] == '.');
    }
    memcpy(message + at, "\0\0\1\0\1", 5);
    at += 5;
    message[1] = (unsigned char)(at - 2);
    int descriptor, error = open_to(address, "53", SOCK_STREAM, &descriptor);
    if (error) return error;
    error = send(descriptor, message, at, MSG_NOSIGNAL) < 0 ? errno : await(descriptor, POLLIN);
    ssize_t got = error ? 0 : recv(descriptor, message, sizeof message, 0);
    close(descriptor);
    if (error) return error;
    // The code of the answer, and the number of records in it.
    return got >= 14 && !(message[5] & 15) && (message[8] || message[9]) ? 0 : ENOENT;
}

void look_at_way(const char *host, const char *port) { say("way", host, port, outcome(reach_stream(host, port)), NULL); }
