using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Tests.Configuration;

internal static class ConfigTestData
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Configuration", "Data", name);

    public static string TextOf(string name) => File.ReadAllText(PathOf(name));

    public static PodspawnConfig Parse(string text) => ConfigLoader.Parse(text, "/etc/podspawn/config.yaml");

    public static SecurityConfig Security(string text) => Parse(text).Security;

    /// <summary>The output of <c>check</c> for a text: what cannot be read, and wrong values.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(string text, string fileName = "/etc/podspawn/config.yaml") =>
        ConfigCheck.Problems(ConfigLoader.Read(text, fileName), TestFacts.UnifiedHost);

    public static Problem ProblemOf(string text) => Assert.Single(ProblemsOf(text));

    /// <summary>The visible content of a config, for comparing two.</summary>
    public static string Show(PodspawnConfig config)
    {
        SecurityConfig s = config.Security;
        LaunchDefaults d = config.Defaults;
        string[] lines =
        [
            $"drop={string.Join(',', s.CapDrop)} add={string.Join(',', s.CapAdd)} nnp={s.NoNewPrivileges} pids={s.PidsLimit}",
            $"ro={s.ReadonlyRootfs} tmpfs={string.Join(' ', s.Tmpfs)} runtime={s.Runtime} seccomp={s.Seccomp}",
            $"masked={List(s.MaskedPaths)} readonly={List(s.ReadonlyPaths)} devices={List(s.Devices)} network={s.Network}{Egress(s.Egress)}",
            $"cpus={d.Cpus} memory={d.Memory} shell={d.Shell ?? "none"}",
            .. config.Origins.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key} <- {o.Value}"),
        ];
        return string.Join('\n', lines);
    }

    private static string List(IReadOnlyList<string>? list) => list is null ? "docker's" : $"[{string.Join(',', list)}]";

    private static string Egress(EgressConfig? egress) => egress is null ? "" : $" egress={egress.Default} [{string.Join(' ', egress.Allow)}]";
}
