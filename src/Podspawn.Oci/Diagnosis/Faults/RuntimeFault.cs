using Podspawn.Oci.Host;

namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>A published fault of a runtime.</summary>
/// <param name="Id">Its CVE or GHSA id; where it has neither, its name.</param>
/// <param name="What">A short description.</param>
/// <param name="Affected">The releases that have it.</param>
internal sealed record RuntimeFault(string Id, string What, params FaultRange[] Affected)
{
    /// <summary>How our own checks close it, as a reason; null where they do not.</summary>
    public string? Closed { get; init; }

    /// <summary>The packages of distributions that contain the fix in a release without it, as far as that is confirmed.</summary>
    public IReadOnlyList<PackageFix> Patched { get; init; } = [];

    /// <summary>Whether a release has it. A version that names no release has none, since nothing is known of it.</summary>
    public bool Affects(RuntimeRelease release) => Affected.Any(range => range.Holds(release));

    /// <summary>The first release of the same branch, or of the next, that has the fix; null where none is known.</summary>
    public string? FixFor(RuntimeRelease release) => Affected.FirstOrDefault(range => range.Holds(release))?.Until;

    /// <summary>Whether the package contains the fix.</summary>
    /// <param name="package">Its version; null where the program belongs to no package.</param>
    public bool IsPatchedIn(string? package) => package is not null && Patched.Any(fix => fix.Covers(package));
}

/// <summary>A range of releases that have a fault.</summary>
/// <param name="Since">The first; null for all from the beginning.</param>
/// <param name="Until">The first that has the fix; null where none is known.</param>
internal sealed record FaultRange(string? Since, string? Until)
{
    /// <summary>Whether the release is in the range.</summary>
    public bool Holds(RuntimeRelease release) =>
        !release.IsUnknown && (Since is null || release >= RuntimeRelease.Parse(Since)) && (Until is null || release < RuntimeRelease.Parse(Until));
}

/// <summary>The version from which on a distribution's package contains a fix.</summary>
/// <param name="Mark">The part that identifies that release of the distribution in its versions, such as <c>+deb12u</c> or <c>~22.04.</c>.</param>
/// <param name="Since">The first version with the fix.</param>
internal sealed record PackageFix(string Mark, string Since)
{
    /// <summary>Whether the version is of that release of the distribution, and has the fix. Another release's version may be higher and lack it.</summary>
    public bool Covers(string package) => package.Contains(Mark, StringComparison.Ordinal) && DebianVersion.Compare(package, Since) >= 0;
}
