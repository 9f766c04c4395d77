using System.Globalization;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>A difference between two reports outside of their cells, which may be the cause of changed cells.</summary>
/// <param name="What">Its subject: <c>host: kernel</c>, <c>runtime runc: version</c>, <c>config default</c>.</param>
/// <param name="Old">The old value; null where there was none.</param>
/// <param name="Now">The new value; null where there is none.</param>
public sealed record ContextChange(string What, string? Old, string? Now)
{
    /// <summary>Whether the values are whole texts, too long for a line.</summary>
    internal bool IsText { get; init; }

    /// <summary><c>runtime runc: version: runc 1.1.5 -> runc 1.2.0</c></summary>
    public override string ToString() => (Old, Now) switch
    {
        _ when IsText => $"{What}: {(Old is null ? "new" : Now is null ? "gone" : "changed")}",
        (null, _) => $"{What}: new: {Now}",
        (_, null) => $"{What}: gone: {Old}",
        _ => $"{What}: {Old} -> {Now}",
    };

    /// <summary>The differences of two reports in their host, runtimes and configs.</summary>
    internal static IEnumerable<ContextChange> Between(MatrixReport old, MatrixReport now) =>
        Facts(old.Host, now.Host).Concat(Runtimes(old, now)).Concat(Configs(old, now));

    private static IEnumerable<ContextChange> Facts(MatrixHost old, MatrixHost now) => Differing(
        ("host: kernel", old.Kernel, now.Kernel),
        ("host: architecture", old.Architecture, now.Architecture),
        ("host: cgroups", old.Cgroups, now.Cgroups),
        ("host: processors", Number(old.Processors), Number(now.Processors)));

    private static IEnumerable<ContextChange> Runtimes(MatrixReport old, MatrixReport now)
    {
        foreach ((string name, ReportedRuntime? was, ReportedRuntime? @is) in Paired(old.Runtimes, now.Runtimes, runtime => runtime.Name))
        {
            IEnumerable<ContextChange> changes = was is null || @is is null
                ? [new($"runtime {name}", was?.Version, @is?.Version)]
                : Differing(
                    ($"runtime {name}: version", was.Version, @is.Version),
                    ($"runtime {name}: path", was.Path, @is.Path),
                    ($"runtime {name}: arguments", Joined(was.Arguments), Joined(@is.Arguments)));
            foreach (ContextChange change in changes)
                yield return change;
        }
    }

    private static IEnumerable<ContextChange> Configs(MatrixReport old, MatrixReport now) =>
        Paired(old.Configs, now.Configs, config => config.Name)
            .Where(pair => pair.Old?.Text != pair.Now?.Text)
            .Select(pair => new ContextChange($"config {pair.Name}", pair.Old?.Text, pair.Now?.Text) { IsText = true });

    private static IEnumerable<ContextChange> Differing(params (string What, string Old, string Now)[] facts) =>
        facts.Where(fact => fact.Old != fact.Now).Select(fact => new ContextChange(fact.What, fact.Old, fact.Now));

    // Paired by name; in the newer report's order, then those that are gone. Of a duplicate name, the first counts.
    private static IEnumerable<(string Name, T? Old, T? Now)> Paired<T>(IReadOnlyList<T> old, IReadOnlyList<T> now, Func<T, string> name)
        where T : class =>
        now.Concat(old).Select(name).Distinct().Select(one =>
            (one, old.FirstOrDefault(item => name(item) == one), now.FirstOrDefault(item => name(item) == one)));

    private static string Joined(IReadOnlyList<string> arguments) => arguments.Count == 0 ? "none" : string.Join(' ', arguments);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
