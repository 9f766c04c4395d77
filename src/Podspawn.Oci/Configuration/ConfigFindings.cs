using Podspawn.Oci.Configuration.Yaml;
using YamlDotNet.Core;

namespace Podspawn.Oci.Configuration;

/// <summary>What comes out of a file beside its values: origins, problems, warnings.</summary>
internal sealed class ConfigFindings(string fileName)
{
    private readonly List<Problem> problems = [];
    private readonly List<Problem> warnings = [];

    public Dictionary<string, Origin> Origins { get; } = [];

    /// <summary>The warnings in the order of the file.</summary>
    public IReadOnlyList<Problem> Warnings => InOrder(warnings);

    public void Note(string key, YamlNode at) => Origins[key] = At(at);

    public void Error(string key, string what, string mend, YamlNode at) =>
        problems.Add(new Problem(Printable.Clean(key, 120), what, mend, At(at)));

    public void Warn(string key, string what, string mend, YamlNode at) =>
        warnings.Add(new Problem(Printable.Clean(key, 120), what, mend, At(at)));

    /// <summary>An exception of everything found up to here, and this at last.</summary>
    public ConfigException Fail(string key, string what, string mend, Mark at)
    {
        problems.Add(new Problem(key, what, mend, new Origin(fileName, (int)at.Line, (int)at.Column)));
        return new ConfigException(InOrder(problems));
    }

    public void ThrowIfAny()
    {
        if (problems.Count > 0)
            throw new ConfigException(InOrder(problems));
    }

    private Origin At(YamlNode node) => new(fileName, node.Line, node.Column);

    private static Problem[] InOrder(List<Problem> found) =>
        found.Count == 0 ? [] : [.. found.OrderBy(problem => problem.Origin.Line).ThenBy(problem => problem.Origin.Column)];
}
