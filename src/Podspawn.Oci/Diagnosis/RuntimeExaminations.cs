using Podspawn.Oci.Diagnosis.Faults;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Diagnosis;

/// <summary>Examines the installed runtimes: a line for each, and below it what is known of its release.</summary>
internal static class RuntimeExaminations
{
    // From this release on gVisor's sandbox creates nested user namespaces.
    private const string FirstWithUserNamespaces = "20241021";
    private const int FewestUserNamespaces = 2;

    /// <summary>Examines each runtime that has a driver.</summary>
    /// <param name="host">The host.</param>
    /// <param name="mostUserNamespaces">user.max_user_namespaces.</param>
    /// <param name="signals">The source of a signal that ends the wait for a runtime's answer; null for none.</param>
    public static IReadOnlyList<Examination> Of(HostFacts host, long mostUserNamespaces, ISignalSource? signals)
    {
        var found = new List<Examination>();
        bool any = false;
        foreach (string name in RuntimeLocator.Known)
        {
            if (RuntimeLocator.TryFind(name) is not { } program)
            {
                found.Add(new(name, Health.Limited, "not installed", $"apt-get install {name}, or your distribution's package of it"));
                continue;
            }
            try
            {
                RuntimeDriver driver = RuntimeDriver.For(program, cacheDirectory: null, signals);
                any = true;
                bool hidden = RuntimeInvoker.NeedsOwnMounts(driver.Traits);
                string place = hidden
                    ? $"{program}; refuses the hybrid cgroup layout by itself: it is run in a private mount namespace that hides /sys/fs/cgroup/unified"
                    : program;
                found.AddRange(Tell(driver.Traits, place, RuntimePackage.VersionOf(program), mostUserNamespaces));
                found.AddRange(Helpers(name, program));
            }
            catch (RuntimeException e) when (e.ExitStatus == ExitCodes.LaunchFailed)
            {
                found.Add(new(name, Health.Limited, e.Message, $"install {name} anew"));
            }
        }
        if (!any)
            found.Add(new("runtimes", Health.Broken, "none that works", "apt-get install runc"));
        return found;
    }

    /// <summary>The lines about a working runtime. Pure.</summary>
    /// <param name="traits">The traits of its release.</param>
    /// <param name="place">Its path, with any remark on it.</param>
    /// <param name="package">The version of the package that it comes from; null for none.</param>
    /// <param name="mostUserNamespaces">user.max_user_namespaces.</param>
    internal static IEnumerable<Examination> Tell(RuntimeTraits traits, string place, string? package, long mostUserNamespaces)
    {
        string name = traits.Name;
        string of = package is null || package == traits.Version ? "" : $" (package {package})";
        yield return new(
            name, Health.Good, $"{traits.Version}{of} at {place}; {FaultExaminations.Count(name, traits.Release, package)}",
            FaultExaminations.GoTo(name, traits.Release, package));
        if (traits.Familiarity == ReleaseFamiliarity.Newer)
            yield return new($"{name}: release", Health.Noted, $"newer than {traits.NewestKnown}, the newest that is known here: it is taken to do as that does",
                $"{Operation.Verify} shows whether it does");
        if (traits.Familiarity == ReleaseFamiliarity.Unreadable)
            yield return new($"{name}: release", Health.Noted, $"'{traits.Version}' tells no release: it is taken to do as {traits.NewestKnown} does",
                $"install a released {name}; {Operation.Verify} shows whether it does");
        if (name == "runsc" && traits.Release >= RuntimeRelease.Parse(FirstWithUserNamespaces) && mostUserNamespaces < FewestUserNamespaces)
            yield return new($"{name}: user namespaces", Health.Limited, $"it needs {FewestUserNamespaces}, the host allows {mostUserNamespaces}: it does not start",
                "sysctl user.max_user_namespaces=15000");
        foreach (Examination fault in FaultExaminations.Of(name, traits.Release, package))
            yield return fault;
    }

    // Newer releases of gVisor start programs from a directory beside their own.
    private static IEnumerable<Examination> Helpers(string name, string program)
    {
        string directory = $"{Path.GetDirectoryName(RealPath.Of(program) ?? program)}/gvisor-bin";
        if (name != "runsc" || !Directory.Exists(directory))
            yield break;
        foreach (string helper in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            if (TrustedPath.Culprit(helper) is { } culprit)
                yield return new($"{name}: helpers", Health.Limited, $"{helper} is not to be trusted: {culprit} does not belong to root or may be written by others",
                    "mend its owner and mode");
        }
    }
}
