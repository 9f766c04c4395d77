#include "probe.h"
#include "attacks/attack.h"

// A topic: a word of the command line, with the number of words that belong to it.
struct topic {
    const char *name;
    int arguments;
};

static void run(const char *name, char **argument) {
    if (!strcmp(name, "capabilities")) look_at_capabilities();
    else if (!strcmp(name, "privileged_calls")) try_privileged_calls(argument[0]);
    else if (!strcmp(name, "setuid_program")) try_setuid_program(argument[0]);
    else if (!strcmp(name, "mounts")) look_at_mounts();
    else if (!strcmp(name, "tmpfs")) look_at_tmpfs(argument[0], argument[1]);
    else if (!strcmp(name, "system_calls")) try_system_calls();
    else if (!strcmp(name, "masked_path")) look_at_masked_path(argument[0]);
    else if (!strcmp(name, "readonly_path")) look_at_readonly_path(argument[0]);
    else if (!strcmp(name, "namespaces")) look_at_namespaces();
    else if (!strcmp(name, "devices")) look_at_devices();
    else if (!strcmp(name, "device_files")) search_for_devices();
    else if (!strcmp(name, "streams")) look_at_streams();
    else if (!strcmp(name, "kernel")) look_at_kernel();
    else if (!strcmp(name, "pids")) fork_to_the_limit(argument[0]);
    else if (!strcmp(name, "memory")) fill_memory(argument[0]);
    else if (!strcmp(name, "attack")) attack(argument[0], argument[1], argument[2]);
}

static const struct topic topics[] = {
    {"capabilities", 0}, {"privileged_calls", 1}, {"setuid_program", 1}, {"mounts", 0}, {"tmpfs", 2}, {"system_calls", 0}, {"masked_path", 1},
    {"readonly_path", 1}, {"namespaces", 0}, {"devices", 0}, {"device_files", 0}, {"streams", 0}, {"kernel", 0}, {"pids", 1}, {"memory", 1},
    {"attack", 3},
};

static int arguments_of(const char *name) {
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        if (!strcmp(topics[i].name, name)) return topics[i].arguments;
    return -1;
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
        int arguments = arguments_of(argv[i]);
        if (arguments < 0 || i + arguments >= argc) {
            say("unknown", argv[i], NULL);
            return 2;
        }
        run(argv[i], argv + i + 1);
        i += 1 + arguments;
    }
    say("end", NULL);
    return 0;
}
