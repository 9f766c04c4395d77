using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Runtimes;

/// <summary>runsc: gVisor, whose Sentry answers the container's system calls in user space.</summary>
internal sealed record RunscDriver(string Program, RuntimeVersion Version) : RuntimeDriver(Program, Version)
{
    private const int MostLines = 10_000;
    private static readonly string[] CauseMarks = ["FATAL ERROR: ", "panic: ", "fatal error: ", "runtime: failed"];

    public override RuntimeTraits Traits { get; } = RunscTraits.Table.Of(Version, SystemCallHandler.Sentry);

    // The sandbox's boot log says why it failed, where runsc itself only sees the end of a pipe.
    public override string? CauseOfFailure(RuntimeCall call)
    {
        string records = RecordsOf(call);
        foreach (string file in Directory.Exists(records) ? Directory.GetFiles(records, "*.boot.txt") : [])
        {
            foreach (string line in File.ReadLines(file).Take(MostLines))
            {
                int at = CauseMarks.Max(mark => line.IndexOf(mark, StringComparison.Ordinal));
                if (at >= 0)
                    return line[at..];
            }
        }
        return null;
    }

    // By itself runsc would take the host's network for the sandbox where there is no namespace to take interfaces from.
    protected override List<string> Global(RuntimeCall call, NetworkMode network)
    {
        // Without --oci-seccomp runsc silently ignores the spec's filter.
        List<string> flags = [.. base.Global(call, network), $"--debug-log={RecordsOf(call)}/", "--oci-seccomp", $"--network={NetworkOf(network)}"];
        // Otherwise the container's writes go to a single hidden file in its root, where no other verb finds them.
        if (Traits.OverlaysRoot)
            flags.Add("--overlay2=none");
        // Without this flag runsc silently removes CAP_NET_RAW from what the spec grants; with it, a user namespace could get raw sockets.
        if (call.Grants.RawSockets)
            flags.Add("--net-raw");
        if (call.Grants.NewPrivileges && Traits.SetUserIdBitsNeedFlag)
            flags.Add("--allow-suid");
        return flags;
    }

    // With "sandbox" its own network stack takes over the interfaces of the namespace that it is given.
    private static string NetworkOf(NetworkMode network) => network switch { NetworkMode.Host => "host", NetworkMode.None => "none", _ => "sandbox" };

    private static string RecordsOf(RuntimeCall call) => $"{call.Log}.d";
}
