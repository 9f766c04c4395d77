using System.Globalization;
using Podspawn.Oci.Diagnosis.Faults;
using Podspawn.Oci.Host;

namespace Podspawn.Oci.Diagnosis;

/// <summary>Describes the published faults that affect a runtime. Pure.</summary>
internal static class FaultExaminations
{
    /// <summary>Their number, for the line of the runtime.</summary>
    /// <param name="runtime">Its name.</param>
    /// <param name="release">Its release.</param>
    /// <param name="package">The version of the package that it comes from; null for none.</param>
    public static string Count(string runtime, RuntimeRelease release, string? package)
    {
        if (release.IsUnknown)
            return "which published faults it has cannot be told";
        List<RuntimeFault> affecting = [.. FaultTable.Of(runtime).Where(fault => fault.Affects(release))];
        List<RuntimeFault> open = Open(runtime, release, package);
        int closed = open.Count(fault => fault.Closed is not null), patched = affecting.Count - open.Count;
        string more = patched > 0 ? $", {Number(patched)} more patched in its package" : "";
        if (open.Count == 0)
            return $"no published fault is known as of {FaultTable.KnownUpTo}{more}";
        return $"{Number(open.Count)} published fault{(open.Count == 1 ? "" : "s")}, of which {Number(closed)} {(closed == 1 ? "is" : "are")} closed here{more}";
    }

    /// <summary>The release to update to, for the line of the runtime; "" where no fault is open.</summary>
    public static string GoTo(string runtime, RuntimeRelease release, string? package)
    {
        if (Open(runtime, release, package).All(fault => fault.FixFor(release) is null))
            return "";
        // The first release that has every available fix; a fix that only a later branch has is not required of it.
        string? target = FaultTable.Of(runtime)
            .SelectMany(fault => fault.Affected)
            .Select(range => range.Until)
            .OfType<string>()
            .Where(text => RuntimeRelease.Parse(text) > release)
            .OrderBy(RuntimeRelease.Parse)
            .FirstOrDefault(text => FaultTable.Of(runtime).All(fault => fault.FixFor(RuntimeRelease.Parse(text)) is null));
        return target is null ? "" : $"go to {runtime} {target} or newer, or to a package of your distribution's that has the fixes";
    }

    /// <summary>A line for each fault that the package is not known to have fixed.</summary>
    public static IEnumerable<Examination> Of(string runtime, RuntimeRelease release, string? package)
    {
        foreach (RuntimeFault fault in Open(runtime, release, package))
        {
            string unpatched = package is not null && IsDistributions(package) ? $", not known to be patched in {package}" : "";
            string state = fault.Closed is { } how ? $"closed here: {how}" : $"not closed here{unpatched}";
            string hint = fault.FixFor(release) is { } fix ? $"{runtime} {fix}" : "no release with a fix is known";
            yield return new Examination($"{runtime}: {fault.Id}", fault.Closed is null ? Health.Exposed : Health.Noted, $"{fault.What}; {state}", hint);
        }
    }

    private static List<RuntimeFault> Open(string runtime, RuntimeRelease release, string? package) =>
        [.. FaultTable.Of(runtime).Where(fault => fault.Affects(release) && !fault.IsPatchedIn(package))];

    // Only for such packages is it known which ones contain fixes.
    private static bool IsDistributions(string package) => package.Contains('-');

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
