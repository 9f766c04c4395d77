using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>security.seccomp</c> to a filter.</summary>
internal static class SeccompRules
{
    private const string Default = SeccompChoice.Default;
    private const string Unconfined = SeccompChoice.Unconfined;

    public static void Check(string seccomp, Diagnostics diagnostics)
    {
        if (ProblemOf(seccomp) is { } problem)
            diagnostics.Refuse(Keys.Seccomp, problem.What, problem.Hint);
    }

    /// <summary>Null where there is no filter, for whatever reason; the diagnostics contain it.</summary>
    public static LinuxSeccomp? Translate(
        string seccomp, CapabilitySet bounding, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        bool sentry = runtime.Kernel == SystemCallHandler.Sentry;
        if (seccomp == Unconfined)
        {
            diagnostics.Warn(Keys.Seccomp, sentry ? OpenOnSentry(runtime) : OpenOnKernel(host));
            return null;
        }

        if (ProblemOf(seccomp) is not null)
            return null;
        if (!host.SeccompFilter && !sentry)
        {
            diagnostics.RefuseUnlessWaived(Keys.Seccomp, "this host's kernel has no seccomp filters", request.AllowUnenforced, "use a kernel with CONFIG_SECCOMP_FILTER");
            return null;
        }

        SeccompProfile profile = seccomp == Default
            ? DefaultSeccompProfile.Instance
            : request.SeccompProfile ?? throw new ArgumentException($"the seccomp profile '{seccomp}' was not read", nameof(request));
        foreach (string warning in profile.Warnings)
            diagnostics.Warn(Keys.Seccomp, $"{seccomp}: {warning}");
        if (sentry)
            return ForSentry(profile.Resolve(bounding, host.Architecture, SentryFilter.Kernel), bounding, request, runtime, diagnostics);
        LinuxSeccomp filter = profile.Resolve(bounding, host.Architecture, host.Kernel);
        // Without the list runc and crun set SECCOMP_FILTER_FLAG_SPEC_ALLOW, which switches a mitigation off (seccomp(2)).
        return filter with { Flags = filter.Flags ?? [] };
    }

    /// <summary>Adapts the filter to the Sentry, which applies it itself: what it cannot express is reported, and what would be weaker is refused.</summary>
    private static LinuxSeccomp ForSentry(
        LinuxSeccomp asked, CapabilitySet bounding, LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        SentryFilter translated = SentryFilter.Of(asked, bounding);
        foreach (string weakness in translated.Weaknesses)
            diagnostics.RefuseUnlessWaived(Keys.Seccomp, weakness, request.AllowUnenforced, "write the profile so that no rule needs it");
        foreach (string difference in translated.Differences)
            diagnostics.Differs(Keys.Seccomp, difference);
        if (!runtime.FiltersExecutedProcesses)
            diagnostics.Differs(Keys.Seccomp, $"{runtime.Name} {runtime.Version} does not filter a process that exec brings in");
        return translated.Filter;
    }

    private static string OpenOnKernel(HostFacts host) =>
        "unconfined: every system call of the host's kernel is open to the container"
        + (host.CgroupLayout is CgroupLayout.V1 or CgroupLayout.Hybrid
            ? ", and new user namespaces, in which its root can mount cgroups of version 1 and lift its own limits" : "");

    private static string OpenOnSentry(RuntimeTraits runtime) =>
        "unconfined: every system call of gvisor's is open to the container"
        + (runtime.UserNamespacesNeedPrivilege ? "" : ", and new user namespaces, in which it has every capability of gvisor's and pids_limit does not hold");

    private static (string What, string Hint)? ProblemOf(string seccomp)
    {
        const string Hint = "write default, unconfined, or the path of a profile";
        if (seccomp is Default or Unconfined)
            return null;
        if (seccomp.Length == 0)
            return ("the value is empty", Hint);
        if (ContainerPath.HoldsControl(seccomp))
            return ("the path holds a control character", Hint);
        return seccomp.Contains('/') || seccomp.EndsWith(".json", StringComparison.Ordinal)
            ? null
            : ($"'{seccomp}' is neither a known choice nor the path of a profile", DidYouMean(seccomp) ?? Hint);
    }

    private static string? DidYouMean(string seccomp) =>
        Suggestion.DidYouMean(seccomp.ToLowerInvariant(), [Default, Unconfined]);
}
