namespace Podspawn.Oci.TestSupport;

/// <summary>
/// A program that stands in for a real runtime: it changes config.json behind the translator's back, by some lines of Python, and then becomes that
/// runtime with the same arguments.
/// </summary>
internal sealed class Saboteur : IDisposable
{
    // Not jq, which would round numbers beyond 2^53.
    private const string Template = """
        #!/usr/bin/python3 -IS
        import json, os, signal, sys
        # Python ignores these, and who it becomes would.
        for number in signal.SIGPIPE, signal.SIGXFSZ:
            signal.signal(number, signal.SIG_DFL)
        arguments = sys.argv[1:]
        real = "@REAL@"
        if "run" in arguments:
            with open(sys.argv[0] + ".id", "w") as file:
                file.write(arguments[-1])
            path = arguments[arguments.index("--bundle") + 1] + "/config.json"
            with open(path) as file:
                c = json.load(file)
            process, linux, mounts = c["process"], c["linux"], c["mounts"]
            capabilities, namespaces, limits = process["capabilities"], linux["namespaces"], linux["resources"]
            def mount(destination):
                return next(mount for mount in mounts if mount["destination"] == destination)
            def option(destination, old, new):
                changed = mount(destination)
                changed["options"] = [new if text == old else text for text in changed["options"] if new or text != old]
            def grant(name):
                for set in "bounding", "permitted", "effective":
                    capabilities[set].append(name)
            def without(kind):
                linux["namespaces"] = [namespace for namespace in namespaces if namespace["type"] != kind]
        @SABOTAGE@
            with open(path, "w") as file:
                json.dump(c, file)
        os.execv(real, [real] + arguments)
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-sabotage-").FullName;

    /// <summary>Creates the program.</summary>
    /// <param name="runtime">The name of the runtime that it stands in for, and becomes.</param>
    /// <param name="python">What it does with <c>c</c>, the config; <c>pass</c> for nothing.</param>
    internal Saboteur(string runtime, string python)
        : this(runtime, Template.Replace("@REAL@", Real(runtime), StringComparison.Ordinal)
            .Replace("@SABOTAGE@", string.Concat(python.Split('\n').Select(line => $"    {line}\n")), StringComparison.Ordinal), 0)
    {
    }

    private Saboteur(string runtime, string program, int _)
    {
        // It has the runtime's own name: crun passes it to the process that prepares the container.
        Program = $"{directory}/{runtime}";
        File.WriteAllText(Program, program);
        File.SetUnixFileMode(Program, (UnixFileMode)0x1ED);
    }

    /// <summary>The path for <c>--runtime</c>.</summary>
    internal string Program { get; }

    /// <summary>The container that it was last called for; null before.</summary>
    internal string? ContainerId => File.Exists($"{Program}.id") ? File.ReadAllText($"{Program}.id") : null;

    /// <summary>A runtime that answers <c>--version</c> like runsc, and otherwise is runc.</summary>
    internal static Saboteur RuncThatSaysRunsc() => new("runsc", $"""
        #!/usr/bin/python3 -IS
        import os, sys
        arguments = sys.argv[1:]
        if "--version" in arguments:
            os.execv("{Real("runsc")}", ["{Real("runsc")}", "--version"])
        # Flags that are runsc's alone.
        arguments = [word for word in arguments if not word.startswith(("--debug-log=", "--net-raw", "--network=", "--overlay2=", "--allow-suid", "--oci-seccomp"))]
        os.execv("{Real("runc")}", ["{Real("runc")}"] + arguments)
        """, 0);

    /// <summary>
    /// runsc as it is from 2026 on: it leaves an entry in its state directory that is not a container's. <see cref="Calls"/> has the verbs that it
    /// was called for.
    /// </summary>
    internal static Saboteur LeavingNullNamespace() => new("runsc", $"""
        #!/usr/bin/python3 -IS
        import os, sys
        arguments = sys.argv[1:]
        with open(sys.argv[0] + ".calls", "a") as file:
            file.write(" ".join(arguments) + "\n")
        if "run" in arguments or "create" in arguments:
            root = arguments[arguments.index("--root") + 1]
            os.makedirs(root, exist_ok=True)
            open(root + "/null-netns", "w").close()
        os.execv("{Real("runsc")}", ["{Real("runsc")}"] + arguments)
        """, 0);

    /// <summary>A runtime that answers another <c>--version</c>, and does not know <c>features</c>.</summary>
    internal static Saboteur Saying(string runtime, string version) => new(runtime, $"""
        #!/usr/bin/python3 -IS
        import os, sys
        arguments = sys.argv[1:]
        if "--version" in arguments:
            print("{runtime} version {version}\nspec: 1.2.0")
            sys.exit(0)
        if "features" in arguments:
            sys.exit("unknown command")
        os.execv("{Real(runtime)}", ["{Real(runtime)}"] + arguments)
        """, 0);

    /// <summary>A runc before 1.1.13 that loses its race for the limit of open files at every <c>exec</c>.</summary>
    internal static Saboteur LosingOpenFiles() => new("runc", $"""
        #!/usr/bin/python3 -IS
        import json, os, sys
        arguments = sys.argv[1:]
        if "--version" in arguments:
            print("runc version 1.1.5\nspec: 1.0.2-dev")
            sys.exit(0)
        if "exec" in arguments:
            path = arguments[arguments.index("--process") + 1]
            with open(path) as file:
                process = json.load(file)
            for limit in process["rlimits"]:
                if limit["type"] == "RLIMIT_NOFILE":
                    limit["soft"] = limit["hard"] = 1000
            with open(path, "w") as file:
                json.dump(process, file)
        os.execv("{Real("runc")}", ["{Real("runc")}"] + arguments)
        """, 0);

    /// <summary>The calls of <see cref="LeavingNullNamespace"/>, word by word.</summary>
    internal IReadOnlyList<string[]> Calls => [.. File.ReadAllLines($"{Program}.calls").Select(line => line.Split(' '))];

    /// <summary>A runtime under which uname reports a kernel 2.6 (personality(2), UNAME26).</summary>
    internal static Saboteur OnAnotherKernel(string runtime) => new(runtime, $"""
        #!/usr/bin/python3 -IS
        import os, sys
        os.execv("/usr/bin/setarch", ["/usr/bin/setarch", "--uname-2.6", "{Real(runtime)}"] + sys.argv[1:])
        """, 0);

    /// <summary>A runtime that writes its container's process id only after <see cref="Release"/>.</summary>
    internal static Saboteur WithLatePid(string runtime) => new(runtime, $"""
        #!/usr/bin/python3 -IS
        import os, subprocess, sys, time
        arguments = sys.argv[1:]
        if "--pid-file" not in arguments:
            os.execv("{Real(runtime)}", ["{Real(runtime)}"] + arguments)
        at = arguments.index("--pid-file") + 1
        path = arguments[at]
        arguments[at] = path + ".early"
        status = subprocess.call(["{Real(runtime)}"] + arguments)
        while not os.path.exists(sys.argv[0] + ".release"):
            time.sleep(0.005)
        os.rename(path + ".early", path)
        sys.exit(status)
        """, 0);

    /// <summary>A runtime that hangs, with a child, ignoring signals, when it is called with a word.</summary>
    internal static Saboteur Hanging(string runtime, string word) => new(runtime, $"""
        #!/usr/bin/python3 -IS
        import os, signal, sys, time
        arguments = sys.argv[1:]
        if "{word}" not in arguments:
            os.execv("{Real(runtime)}", ["{Real(runtime)}"] + arguments)
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
            signal.signal(number, signal.SIG_IGN)
        child = os.fork()
        if child:
            with open(sys.argv[0] + ".pids", "w") as file:
                file.write(str(os.getpid()) + " " + str(child) + " ")
        while True:
            time.sleep(600)
        """, 0);

    /// <summary>Waits until <see cref="Hanging"/> hangs, and returns its processes.</summary>
    internal async Task<int[]> Hangs()
    {
        string path = $"{Program}.pids";
        await Eventually.Is(2, () => File.Exists(path) ? File.ReadAllText(path).Count(c => c == ' ') : 0);
        return [.. File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    /// <summary>Resets <see cref="Hanging"/>.</summary>
    internal void Forget() => File.Delete($"{Program}.pids");

    /// <summary>Lets <see cref="WithLatePid"/> continue.</summary>
    internal void Release() => File.WriteAllText($"{Program}.release", "");

    /// <summary>The program of a runtime on this host.</summary>
    internal static string Real(string runtime) =>
        new[] { $"/usr/local/sbin/{runtime}", $"/usr/local/bin/{runtime}", $"/usr/sbin/{runtime}", $"/usr/bin/{runtime}" }.First(File.Exists);

    public void Dispose()
    {
        Directory.Delete(directory, recursive: true);
        File.Delete($"/run/podspawn-oci/cache/{Program.Replace('/', '%')}.version");
    }
}
