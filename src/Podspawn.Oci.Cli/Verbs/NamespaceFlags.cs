using System.CommandLine;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>
/// Docker's and podman's flags that share a namespace with the host or with another container, or that take all confinement off. A container has
/// namespaces of its own, or joins another's that lets itself be joined; what would open it to the host is refused with the reason.
/// </summary>
internal sealed class NamespaceFlags
{
    private const string Container = "container:";

    private readonly Option<string?> ipc = Of(
        "--ipc", "private|shareable|none|container:NAME", "Its shared memory and queues: its own, open to other containers, without /dev/shm, or those of a shareable container");
    private readonly Option<string?> pid = Of("--pid", "private|container:NAME", "Its processes: by themselves, or among those of another container");
    private readonly Option<string?> uts = Of("--uts", "private", "The namespace of its host name: its own");
    private readonly Option<string?> cgroupns = Of("--cgroupns", "private", "The namespace of its cgroups: its own");
    private readonly Option<bool> privileged = new("--privileged") { Description = "Refused: says what gives the privilege that is needed", Arity = ArgumentArity.Zero };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { ipc, pid, uts, cgroupns, privileged })
            verb.Options.Add(option);
    }

    /// <summary>Reads the flags, and refuses what would open the container.</summary>
    /// <exception cref="UsageException">A flag would.</exception>
    internal NamespaceOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(privileged))
            throw new UsageException(
                "--privileged: it would give the container the host; say what is really needed: --cap-add NAME (SYS_ADMIN to mount, NET_ADMIN for a network, SYS_PTRACE to " +
                    "trace), --security-opt seccomp=FILE for further system calls, --security-opt unmask=PATH for a file of the kernel's, --volume for a file of the host's, " +
                    "--device for a device that the config gives, --network host");
        Check(parsed, ipc, ["private", "shareable", "none"], joins: true, "every process of the host could be reached by its shared memory");
        Check(parsed, pid, ["private"], joins: true, "every process of the host could be seen, signalled and traced");
        Check(parsed, uts, ["private"], joins: false, "the name of the host could be changed");
        Check(parsed, cgroupns, ["private"], joins: false, "the paths of the host's cgroups could be seen");
        return new NamespaceOptions
        {
            Ipc = parsed.GetValue(ipc) switch
            {
                "shareable" => IpcMode.Shareable,
                "none" => IpcMode.None,
                { } text when NameIn(text) is not null => IpcMode.Container,
                _ => IpcMode.Private,
            },
            IpcContainer = NameIn(parsed.GetValue(ipc)),
            PidContainer = NameIn(parsed.GetValue(pid)),
        };
    }

    private static void Check(ParseResult parsed, Option<string?> flag, string[] own, bool joins, string opens)
    {
        if (parsed.GetValue(flag) is not { Length: > 0 } text || own.Contains(text) || (joins && NameIn(text) is not null))
            return;
        throw new UsageException(text == "host" ? $"{flag.Name}: with the host's namespace {opens}; leave it away"
            : $"{flag.Name}: '{text}' is not to be had; use {string.Join(" or ", joins ? [.. own, $"{Container}NAME"] : own)}");
    }

    private static string? NameIn(string? text) =>
        text?.StartsWith(Container, StringComparison.Ordinal) == true && text.Length > Container.Length ? text[Container.Length..] : null;

    private static Option<string?> Of(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
