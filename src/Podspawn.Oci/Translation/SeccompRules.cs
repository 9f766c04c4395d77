using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Translation;

/// <summary><c>security.seccomp</c> to a filter.</summary>
internal static class SeccompRules
{
    private const string Default = "default";
    private const string Unconfined = "unconfined";

    public static void Check(string seccomp, Findings findings)
    {
        if (ProblemOf(seccomp) is { } problem)
            findings.Refuse(Keys.Seccomp, problem.What, problem.Mend);
    }

    /// <summary>Null where there is no filter, for whatever reason; the findings tell it.</summary>
    public static LinuxSeccomp? Translate(
        string seccomp, CapabilitySet bounding, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Findings findings)
    {
        if (runtime.Kernel == SystemCallHandler.Sentry)
        {
            TellOfSentry(seccomp, findings);
            return null;
        }

        if (seccomp == Unconfined)
        {
            findings.Warn(Keys.Seccomp, "unconfined: every system call of the host's kernel is open to the container");
            return null;
        }

        if (ProblemOf(seccomp) is not null)
            return null;
        if (!host.SeccompFilter)
        {
            findings.LetsGo(Keys.Seccomp, "this host's kernel has no seccomp filters", request.AllowUnenforced, "use a kernel with CONFIG_SECCOMP_FILTER");
            return null;
        }

        SeccompProfile profile = seccomp == Default
            ? DefaultSeccompProfile.Instance
            : request.SeccompProfile ?? throw new ArgumentException($"the seccomp profile '{seccomp}' was not read", nameof(request));
        foreach (string warning in profile.Warnings)
            findings.Warn(Keys.Seccomp, $"{seccomp}: {warning}");
        return profile.Resolve(bounding, host.Architecture, host.Kernel);
    }

    /// <summary>The Sentry answers every system call itself, behind a filter of its own; runsc passes over the one in the spec.</summary>
    private static void TellOfSentry(string seccomp, Findings findings)
    {
        if (seccomp == Unconfined)
            findings.Inform(Keys.Seccomp, "gvisor answers the container's system calls, and filters its own");
        else if (seccomp == Default)
            findings.Differs(Keys.Seccomp, "gvisor answers the container's system calls and filters its own: no filter is installed inside");
        else
            findings.Differs(Keys.Seccomp, "gvisor answers the container's system calls and filters its own: the profile is not installed inside");
    }

    private static (string What, string Mend)? ProblemOf(string seccomp)
    {
        const string Mend = "write default, unconfined, or the path of a profile";
        if (seccomp is Default or Unconfined)
            return null;
        if (seccomp.Length == 0)
            return ("the value is empty", Mend);
        if (ContainerPath.HoldsControl(seccomp))
            return ("the path holds a control character", Mend);
        return seccomp.Contains('/') || seccomp.EndsWith(".json", StringComparison.Ordinal)
            ? null
            : ($"'{seccomp}' is neither a known choice nor the path of a profile", DidYouMean(seccomp) ?? Mend);
    }

    private static string? DidYouMean(string seccomp) =>
        Suggestion.Closest(seccomp.ToLowerInvariant(), [Default, Unconfined]) is { } closest ? $"did you mean {closest}?" : null;
}
