using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The kernel that answers: the host's, or gVisor's (uname(2)).</summary>
internal static class KernelCheck
{
    public static void Run(Wish wish, Seen seen, FindingDraft draft)
    {
        draft.Saw($"runtime: {wish.Runtime}");
        draft.Saw($"host: {seen.HostKernel.Release} {seen.HostKernel.Version}");
        if (seen.Inside is not { } inside)
        {
            // The Sentry is a process that runs the guest's: the container's own program is never a process of the host's.
            draft.Saw($"outside: process {seen.Outside?.Pid}");
            return;
        }
        if (inside.First("kernel") is not [_, var release, var version, ..])
        {
            draft.Unseen("the kernel's name", seen.End);
            return;
        }
        draft.Saw($"inside: {release} {version}");
        bool host = (release, version) == seen.HostKernel;
        if (host && wish.OnSentry)
            draft.Short("the host's kernel answers, asked for gVisor's");
        else if (!host && !wish.OnSentry)
            draft.Short($"{release} answers, asked for the host's kernel {seen.HostKernel.Release}");
    }
}
