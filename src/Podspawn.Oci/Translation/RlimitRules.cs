using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>
/// Docker's limit of open files, and limits that a container must not inherit from our caller. No limit is above our own hard limit: raising that is
/// EPERM without CAP_SYS_RESOURCE (setrlimit(2)).
/// </summary>
internal static class RlimitRules
{
    private const ulong OpenFiles = 1048576;

    // Too small for a dump, and the one value at which the kernel does not start the program that the host's core_pattern may name (core(5)): that
    // program would read, as root on the host, memory that a hostile process has prepared.
    private const ulong NoCore = 1;

    public static IReadOnlyList<Rlimit> Build(Rlimit? processes, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        ulong files = Math.Min(OpenFiles, host.OpenFilesHardLimit);
        Rlimit openFiles = new("RLIMIT_NOFILE", files, files);
        ulong core = Math.Min(NoCore, host.CoreHardLimit);
        Rlimit noCore = new("RLIMIT_CORE", core, core);
        // These let a process without CAP_SYS_NICE raise its priority, and run in real time (sched(7)).
        Rlimit noNice = new("RLIMIT_NICE", 0, 0), noRealTime = new("RLIMIT_RTPRIO", 0, 0);
        List<Rlimit> limits = processes is null ? [openFiles, noCore, noNice, noRealTime] : [openFiles, processes, noCore, noNice, noRealTime];
        foreach (UlimitRequest asked in request.Resources.Ulimits)
        {
            if (UlimitRules.Translate(asked, processes, request, host, runtime, diagnostics) is not { } limit)
                continue;
            limits.RemoveAll(other => other.Type == limit.Type);
            limits.Add(limit);
        }
        return limits;
    }
}
