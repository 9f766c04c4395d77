#include "probe.h"
#include "attacks/attack.h"

// A topic: a word of the command line, with the number of words that belong to it and what they are handed to.
static const struct topic {
    const char *name;
    int arguments;
    union {
        void (*none)(void);
        void (*one)(const char *first);
        void (*two)(const char *first, const char *second);
        void (*three)(const char *first, const char *second, const char *third);
    } look;
} topics[] = {
    {"capabilities", 0, {.none = look_at_capabilities}},
    {"privileged_calls", 1, {.one = try_privileged_calls}},
    {"setuid_program", 1, {.one = try_setuid_program}},
    {"pids", 1, {.one = fork_to_the_limit}},
    {"mounts", 0, {.none = look_at_mounts}},
    {"tmpfs", 2, {.two = look_at_tmpfs}},
    {"kernel", 0, {.none = look_at_kernel}},
    {"system_calls", 0, {.none = try_system_calls}},
    {"masked_path", 1, {.one = look_at_masked_path}},
    {"readonly_path", 1, {.one = look_at_readonly_path}},
    {"namespaces", 0, {.none = look_at_namespaces}},
    {"devices", 0, {.none = look_at_devices}},
    {"device_files", 0, {.none = search_for_devices}},
    {"streams", 0, {.none = look_at_streams}},
    {"process_limits", 0, {.none = look_at_process_limits}},
    {"way", 2, {.two = look_at_way}},
    {"memory", 1, {.one = fill_memory}},
    {"attack", 3, {.three = attack}},
};

static const struct topic *topic_of(const char *name) {
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        if (!strcmp(topics[i].name, name)) return &topics[i];
    return NULL;
}

static void run(const struct topic *topic, char **argument) {
    switch (topic->arguments) {
        case 0: topic->look.none(); break;
        case 1: topic->look.one(argument[0]); break;
        case 2: topic->look.two(argument[0], argument[1]); break;
        case 3: topic->look.three(argument[0], argument[1], argument[2]); break;
    }
}

int main(int argc, char **argv, char **environment) {
    remember_start(environment);
    // The set-user-id copy: it only reports which user it runs as.
    if (argc == 2 && !strcmp(argv[1], "whoami")) {
        char real[16], effective[16];
        snprintf(real, sizeof real, "%u", getuid());
        snprintf(effective, sizeof effective, "%u", geteuid());
        say("whoami", real, effective, NULL);
        return 0;
    }
    // Programs that an attack has executed, and those that the host's exec has started.
    if (argc >= 3 && !strcmp(argv[1], "become")) return say_what_it_became(argv[2], argc > 3);
    if (argc == 4 && !strcmp(argv[1], "exec")) return look_from_exec(argv[2], argv[3]);
    look_at_self();
    say("ready", NULL);
    // The host observes now, while nothing changes.
    char go;
    while (read(0, &go, 1) < 0 && errno == EINTR) {}
    for (int i = 1; i < argc;) {
        const struct topic *topic = topic_of(argv[i]);
        if (!topic || i + topic->arguments >= argc) {
            say("unknown", argv[i], NULL);
            return 2;
        }
        run(topic, argv + i + 1);
        i += 1 + topic->arguments;
    }
    say("end", NULL);
    return 0;
}
