using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The kernel that answers system calls: the host's, or gVisor's (uname(2)).</summary>
internal static class KernelCheck
{
    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        draft.Saw($"runtime: {expectation.Runtime}");
        draft.Saw($"host: {evidence.HostKernel.Release} {evidence.HostKernel.Version}");
        if (evidence.Inside is not { } inside)
        {
            // The Sentry is one process that runs all the guest's: the container's own program is never a process of the host.
            draft.Saw($"outside: process {evidence.Outside?.Pid}");
            return;
        }
        if (inside.First("kernel") is not [_, var release, var version, ..])
        {
            draft.Unseen("the kernel's name", evidence.End);
            return;
        }
        draft.Saw($"inside: {release} {version}");
        bool host = (release, version) == evidence.HostKernel;
        if (host && expectation.OnSentry)
            draft.Short("the host's kernel answers, asked for gVisor's");
        else if (!host && !expectation.OnSentry)
            draft.Short($"{release} answers, asked for the host's kernel {evidence.HostKernel.Release}");
    }
}
