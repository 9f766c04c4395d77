#include "probe.h"
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_IS_SET 1
#endif

// capget(2), version 3: two words of 32 capabilities each. The kernel's header is not every libc's.
struct header { uint32_t version; int pid; };
struct data { uint32_t effective, permitted, inheritable; };

static void say_set(const char *name, uint64_t set) {
    char text[24];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)set);
    say("capabilities", name, text, NULL);
}

void look_at_capabilities(void) {
    struct header header = {0x20080522, 0};
    struct data data[2] = {{0}};
    if (syscall(SYS_capget, &header, data)) {
        say("capabilities", "error", error_name(errno), NULL);
        return;
    }
    say_set("effective", (uint64_t)data[1].effective << 32 | data[0].effective);
    say_set("permitted", (uint64_t)data[1].permitted << 32 | data[0].permitted);
    say_set("inheritable", (uint64_t)data[1].inheritable << 32 | data[0].inheritable);
    uint64_t bounding = 0, ambient = 0;
    int ambient_error = 0;
    for (int i = 0; i < 64; i++) {
        if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1) bounding |= 1ULL << i;
        int set = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0);
        if (set == 1) ambient |= 1ULL << i;
        else if (set < 0 && i == 0) ambient_error = errno;
    }
    say_set("bounding", bounding);
    if (ambient_error) say("capabilities", "ambient", error_name(ambient_error), NULL);
    else say_set("ambient", ambient);
}
