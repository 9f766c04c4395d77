using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using YamlDotNet.Core;

namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>What a file yields beside its values: origins, problems, warnings.</summary>
internal sealed class ConfigDiagnostics(string fileName)
{
    // Each with its position in this file: a problem of another file that this one names is listed where it is named.
    private readonly List<(Origin Place, Problem Problem)> problems = [];
    private readonly List<(Origin Place, Problem Problem)> warnings = [];

    public Dictionary<string, Origin> Origins { get; } = [];

    /// <summary>The warnings in the order of the file.</summary>
    public IReadOnlyList<Problem> Warnings => InOrder(warnings);

    /// <summary>The errors in the order of the file.</summary>
    public IReadOnlyList<Problem> Errors => InOrder(problems);

    public void Note(string key, YamlNode at) => Origins[key] = At(at);

    public void Error(string key, string what, string hint, YamlNode at) => Add(problems, key, what, hint, At(at));

    public void Warn(string key, string what, string hint, YamlNode at) => Add(warnings, key, what, hint, At(at));

    /// <summary>Adds an error of a part of this file, or of another file that this one names at the node.</summary>
    public void Adopt(Problem problem, YamlNode at) =>
        problems.Add((problem.Origin.File == fileName && problem.Origin.Line > 0 ? problem.Origin : At(at), problem));

    /// <summary>Creates an exception with everything found so far, and this problem at the end.</summary>
    public ConfigException Fail(string key, string what, string hint, Mark at)
    {
        var origin = new Origin(fileName, (int)at.Line, (int)at.Column);
        problems.Add((origin, new Problem(key, what, hint, origin)));
        return new ConfigException(InOrder(problems));
    }

    public void ThrowIfAny()
    {
        if (problems.Count > 0)
            throw new ConfigException(InOrder(problems));
    }

    private Origin At(YamlNode node) => new(fileName, node.Line, node.Column);

    private static void Add(List<(Origin, Problem)> found, string key, string what, string hint, Origin origin) =>
        found.Add((origin, new Problem(Printable.Clean(key, 120), what, hint, origin)));

    private static Problem[] InOrder(List<(Origin Place, Problem Problem)> found) => found.Count == 0
        ? []
        : [.. found.OrderBy(one => one.Place.Line).ThenBy(one => one.Place.Column).Select(one => one.Problem)];
}
