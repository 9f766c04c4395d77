using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>A published fault of a runtime.</summary>
/// <param name="Id">Its CVE or GHSA id; of one that has neither, its name.</param>
/// <param name="What">What it is, in a few words.</param>
/// <param name="Affected">The releases that have it.</param>
internal sealed record RuntimeFault(string Id, string What, params FaultRange[] Affected)
{
    /// <summary>How our own checks close it, as a reason; null where they do not.</summary>
    public string? Closed { get; init; }

    /// <summary>The packages of distributions that carry the fix to a release without it, as far as that is confirmed.</summary>
    public IReadOnlyList<PackageFix> Patched { get; init; } = [];

    /// <summary>Whether a release has it. One that cannot be told has none: nothing is known of it.</summary>
    public bool Affects(RuntimeRelease release) => Affected.Any(range => range.Holds(release));

    /// <summary>The first release of the same branch, or of the next, that has the fix; null where none is known.</summary>
    public string? FixFor(RuntimeRelease release) => Affected.FirstOrDefault(range => range.Holds(release))?.Until;

    /// <summary>Whether the package carries the fix.</summary>
    /// <param name="package">Its version; null where the program is of no package.</param>
    public bool IsPatchedIn(string? package) => package is not null && Patched.Any(fix => fix.Covers(package));
}

/// <summary>Releases that have a fault.</summary>
/// <param name="Since">The first; null for all from the beginning.</param>
/// <param name="Until">The first that has the fix; null where none is known.</param>
internal sealed record FaultRange(string? Since, string? Until)
{
    /// <summary>Whether the release is one of them.</summary>
    public bool Holds(RuntimeRelease release) =>
        !release.IsUnknown && (Since is null || release >= RuntimeRelease.Parse(Since)) && (Until is null || release < RuntimeRelease.Parse(Until));
}

/// <summary>From which version on a distribution's package carries a fix.</summary>
/// <param name="Mark">What the versions of that release of the distribution have in them, as <c>+deb12u</c> or <c>~22.04.</c>.</param>
/// <param name="Since">The first version with the fix.</param>
internal sealed record PackageFix(string Mark, string Since)
{
    /// <summary>Whether the version is of that release of the distribution, and has the fix. Another release's may be higher and without it.</summary>
    public bool Covers(string package) => package.Contains(Mark, StringComparison.Ordinal) && DebianVersion.Compare(package, Since) >= 0;
}
