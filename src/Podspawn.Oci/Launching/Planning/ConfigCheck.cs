using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Checks everything about a config that can be judged without a launch: what the translator says, and the files that it names.</summary>
public static class ConfigCheck
{
    private const int LargestSeccompProfile = 1 << 20;

    /// <summary>Every problem of the config.</summary>
    public static IReadOnlyList<Problem> Problems(PodspawnConfig config, HostFacts host)
    {
        var problems = new List<Problem>(Translator.Validate(config, host));
        _ = ReadSeccompProfile(config, problems);
        return problems;
    }

    /// <summary>Every problem of a config's text and of its values, in the order of the text; problems without a position come last.</summary>
    public static IReadOnlyList<Problem> Problems(ConfigReading reading, HostFacts host)
    {
        HashSet<string> unread = [.. reading.Problems.Select(problem => problem.Key)];
        // A key that could not be read has our default, not the user's value.
        IEnumerable<Problem> judged = Problems(reading.Config, host).Where(problem => !unread.Contains(problem.Key));
        return
        [
            .. reading.Problems.Concat(judged)
                .OrderBy(problem => problem.Origin.Line == 0).ThenBy(problem => problem.Origin.Line).ThenBy(problem => problem.Origin.Column),
        ];
    }

    /// <summary>The weaknesses of the seccomp profile that the config names; a profile that cannot be read has problems instead.</summary>
    public static IReadOnlyList<string> SeccompWarnings(PodspawnConfig config) => ReadSeccompProfile(config, [.. Translator.ValidateValues(config)])?.Warnings ?? [];

    /// <summary>The seccomp profile that the config names; null for <c>default</c> and <c>unconfined</c>.</summary>
    /// <exception cref="ConfigException">The config has problems.</exception>
    internal static DockerSeccompProfile? Require(PodspawnConfig config, HostFacts host)
    {
        var problems = new List<Problem>(Translator.Validate(config, host));
        DockerSeccompProfile? profile = ReadSeccompProfile(config, problems);
        return problems.Count == 0 ? profile : throw new ConfigException(problems);
    }

    private static DockerSeccompProfile? ReadSeccompProfile(PodspawnConfig config, List<Problem> problems)
    {
        string path = config.Security.Seccomp;
        // A text that cannot be a path has already been refused.
        if (path is SeccompChoice.Default or SeccompChoice.Unconfined || problems.Exists(problem => problem.Key == Keys.Seccomp))
            return null;
        try
        {
            return DockerSeccompProfile.Parse(RegularFile.Read(path, LargestSeccompProfile).Span, path);
        }
        catch (Exception e) when (e is UnfitFileException or SeccompProfileException)
        {
            string what = e is SeccompProfileException ? e.Message : $"cannot read the seccomp profile '{path}': {e.Message}";
            problems.Add(new Problem(Keys.Seccomp, what, "name a profile in Docker's JSON format, or default or unconfined", config.OriginOf(Keys.Seccomp)));
            return null;
        }
    }
}
