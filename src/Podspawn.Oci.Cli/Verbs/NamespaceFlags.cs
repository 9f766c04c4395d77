using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>
/// Docker's and podman's flags that share a namespace with the host or with another container, or that take all confinement off. A container has
/// namespaces of its own: what asks for that is taken, and what would open it is refused with the reason.
/// </summary>
internal sealed class NamespaceFlags
{
    private readonly Option<string?> ipc = Of("--ipc", "private|shareable", "The namespace of its shared memory and queues: its own");
    private readonly Option<string?> pid = Of("--pid", "private", "The namespace of its processes: its own");
    private readonly Option<string?> uts = Of("--uts", "private", "The namespace of its host name: its own");
    private readonly Option<string?> cgroupns = Of("--cgroupns", "private", "The namespace of its cgroups: its own");
    private readonly Option<bool> privileged = new("--privileged") { Description = "Refused: says what gives the privilege that is needed", Arity = ArgumentArity.Zero };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { ipc, pid, uts, cgroupns, privileged })
            verb.Options.Add(option);
    }

    /// <summary>Refuses what would open the container.</summary>
    /// <exception cref="UsageException">A flag would.</exception>
    internal void Check(ParseResult parsed)
    {
        if (parsed.GetValue(privileged))
            throw new UsageException(
                "--privileged: it would give the container the host; say what is really needed: --cap-add NAME (SYS_ADMIN to mount, NET_ADMIN for a network, SYS_PTRACE to " +
                    "trace), --security-opt seccomp=FILE for further system calls, --security-opt unmask=PATH for a file of the kernel's, --volume for a file of the host's, " +
                    "--network host");
        Check(parsed, ipc, ["private", "shareable"], "every process of the host could be reached by its shared memory");
        Check(parsed, pid, ["private"], "every process of the host could be seen, signalled and traced");
        Check(parsed, uts, ["private"], "the name of the host could be changed");
        Check(parsed, cgroupns, ["private"], "the paths of the host's cgroups could be seen");
    }

    private static void Check(ParseResult parsed, Option<string?> flag, string[] own, string opens)
    {
        if (parsed.GetValue(flag) is not { Length: > 0 } text || own.Contains(text))
            return;
        throw new UsageException(text == "host" ? $"{flag.Name}: with the host's namespace {opens}; leave it away"
            : $"{flag.Name}: '{text}' is not to be had; use {string.Join(" or ", own)}");
    }

    private static Option<string?> Of(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
