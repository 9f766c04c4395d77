using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Runtimes;

/// <summary>runsc: gVisor, whose Sentry answers the container's system calls in user space.</summary>
internal sealed class RunscDriver(string program, RuntimeVersion version) : RuntimeDriver(program, version)
{
    private const int MostLines = 10_000;
    private static readonly string[] CauseMarks = ["FATAL ERROR: ", "panic: ", "fatal error: ", "runtime: failed"];

    public override RuntimeTraits Traits { get; } = new()
    {
        Name = "runsc",
        Version = version.Version,
        Kernel = SystemCallHandler.Sentry,
        // Measured with the ptrace platform on two cores: 26 host tasks when idle, 5 more for each sleeping process, but 52 each for a
        // hundred busy ones and 77 each for two hundred.
        SandboxBaseTasks = 32,
        HostTasksPerTask = 256,
        // A detached run leaves the Sentry, which tells a signal and the exit status 128 + n alike.
        LeavesContainerProcess = false,
        KnownCapabilities = CapabilitySet.UpTo((int)Capability.AuditRead),
        LowPortsNeedCapability = false,
        OtherUsersKeepCapabilities = true,
        StayingExecTakesTerminal = false,
        HasClone3 = false,
        FiltersExecutedProcesses = false,
        // As of 2022 it calls what it does there experimental.
        SystemdCgroups = false,
        // As of 2022 it has no such verb.
        CanUpdate = false,
    };

    // The sandbox's boot log says why it went down, where runsc itself only sees the end of a pipe.
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

    // Without --net-raw it takes CAP_NET_RAW out of what the spec grants, in silence.
    //
    // Without --oci-seccomp it passes over the spec's filter, in silence.
    //
    // In the root network namespace it takes neither bridge nor veth by itself: say which of the two simple modes is meant.
    protected override List<string> Global(RuntimeCall call, NetworkMode network) =>
        [.. base.Global(call, network), $"--debug-log={RecordsOf(call)}/", "--oci-seccomp", "--net-raw", $"--network={(network == NetworkMode.Host ? "host" : "none")}"];

    private static string RecordsOf(RuntimeCall call) => $"{call.Log}.d";
}
