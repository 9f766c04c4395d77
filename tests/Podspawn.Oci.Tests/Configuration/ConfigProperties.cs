using CsCheck;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>Properties that hold for any config and any flags.</summary>
public sealed class ConfigProperties
{
    private static readonly Gen<string> Fragment = Gen.OneOf(
        "security:", "defaults:", "cap_add:", "cap_drop:", "pids_limit:", "tmpfs:", "seccomp:", "memory:", "cpus:", "<<:", "*a", "&a ",
        "\n", "\n  ", "\n    ", "\t", "- ", "[", "]", "{", "}", ",", ": ", "~", "\"", "'", "|", ">", "!!int ", "!", "?", "---\n", "...\n", "#",
        "%YAML 1.1\n", "5", "0x10", "1.5", "2g", "yes", "\\", "\\x41", "\\U00110000", "/tmp", "ALL", "\r\n", "\u2028", "\ufeff", "é", "@", "`");

    private static readonly Gen<string> Name = Gen.OneOf("ALL", "all", "CHOWN", "cap_chown", "KILL", "CAP_NET_RAW", "net_raw", "MKNOD");

    private static readonly Gen<string[]> Names = Name.Array[0, 4];

    private static readonly Gen<PodspawnConfig> Config = Gen.Select(Names, Names, Gen.Bool, (add, drop, named) => named
        ? Parse($"security: {{cap_add: [{string.Join(", ", add)}], cap_drop: [{string.Join(", ", drop)}], tmpfs: {{/tmp: a, /b: c}}}}")
        : PodspawnConfig.BuiltIn);

    private static readonly Gen<ConfigOverrides> Flags = Gen.Select(
        Names, Names, Gen.OneOf("/tmp", "/tmp/:x", "/b:y", "/c").Array[0, 3], Gen.Long[-1, 9], Gen.Bool, (add, drop, tmpfs, pids, more) =>
        new ConfigOverrides
        {
            CapAdd = add,
            CapDrop = drop,
            Tmpfs = tmpfs,
            PidsLimit = more ? pids : null,
            ReadonlyRootfs = more ? null : true,
            Seccomp = more ? "p.json" : null,
            Cpus = more ? "1.5" : null,
        });

    [Fact]
    public void Any_text_is_read_or_refused_in_words() => Gen.String.Sample(ReadOrRefused);

    [Fact]
    public void Any_fragments_of_YAML_are_read_or_refused_in_words() =>
        Fragment.Array[0, 30].Select(string.Concat).Sample(ReadOrRefused, iter: 20_000);

    [Fact]
    public void Any_damage_to_a_good_file_is_read_or_refused_in_words()
    {
        string text = TextOf("every-key.yaml");
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 5], Fragment).Sample(
            (place, cut, put) => ReadOrRefused(text[..place] + put + text[Math.Min(text.Length, place + cut)..]), iter: 3_000);
    }

    [Fact]
    public void To_apply_flags_twice_is_to_apply_them_once() => Gen.Select(Config, Flags).Sample((config, flags) =>
    {
        PodspawnConfig once = flags.ApplyTo(config);
        Assert.Equal(Show(once), Show(flags.ApplyTo(once)));
    });

    [Fact]
    public void A_dropped_capability_stays_only_where_a_flag_adds_it() => Gen.Select(Config, Flags).Sample((config, flags) =>
    {
        SecurityConfig security = flags.ApplyTo(config).Security;
        foreach (string drop in flags.CapDrop)
        {
            if (!flags.CapAdd.Any(add => Same(add, drop)))
                Assert.DoesNotContain(security.CapAdd, add => Same(add, drop));
        }

        Assert.All(flags.CapAdd, add => Assert.Contains(security.CapAdd, name => Same(name, add)));
    });

    [Fact]
    public void Every_element_has_an_origin_and_no_origin_lacks_its_element() => Gen.Select(Config, Flags).Sample((config, flags) =>
    {
        PodspawnConfig applied = flags.ApplyTo(config);
        Assert.Equal(applied.Security.CapAdd.Count, Elements(applied, "security.cap_add[", flags.CapAdd.Count + flags.CapDrop.Count == 0));
        Assert.Equal(applied.Security.CapDrop.Count, Elements(applied, "security.cap_drop[", flags.CapAdd.Count + flags.CapDrop.Count == 0));
        Assert.Equal(
            applied.Security.Tmpfs.Select(mount => $"security.tmpfs.{mount.Key}").Order(StringComparer.Ordinal),
            applied.Origins.Keys.Where(key => key.StartsWith("security.tmpfs.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    });

    private static int Elements(PodspawnConfig config, string prefix, bool untouched)
    {
        int count = config.Origins.Keys.Count(key => key.StartsWith(prefix, StringComparison.Ordinal));
        if (count > 0 || !untouched)
            return count;
        return prefix.StartsWith("security.cap_add", StringComparison.Ordinal) ? config.Security.CapAdd.Count : config.Security.CapDrop.Count;
    }

    private static bool Same(string left, string right) => Bare(left) == Bare(right);

    private static string Bare(string name) => name.ToUpperInvariant().Replace("CAP_", "", StringComparison.Ordinal);

    private static void ReadOrRefused(string text)
    {
        try
        {
            Assert.NotNull(Parse(text).Security);
        }
        catch (ConfigException exception)
        {
            Assert.NotEmpty(exception.Problems);
            Assert.All(exception.Problems, problem => Assert.NotEmpty(problem.What));
            Assert.Equal(exception.Problems.OrderBy(problem => problem.Origin.Line).ThenBy(problem => problem.Origin.Column), exception.Problems);
        }
    }
}
