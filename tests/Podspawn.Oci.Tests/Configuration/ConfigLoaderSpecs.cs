using Podspawn.Oci.Configuration;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>What is read, and with what result: the table "Loading the config", the rows that are accepted.</summary>
public sealed class ConfigLoaderSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# nothing but a remark\n")]
    [InlineData("---\n")]
    [InlineData("---\n...\n")]
    [InlineData("~")]
    [InlineData("{}")]
    [InlineData("security:")]
    [InlineData("security: ~")]
    [InlineData("security: {}")]
    [InlineData("defaults:\nsecurity: null\n")]
    [InlineData("auth: {key_dir: /keys}\nprojects_file: /p\n")]
    [InlineData("security:\n  runtime:\n  pids_limit: ~\n  no_new_privileges: null\n  seccomp: ~\n  masked_paths:\ndefaults: {cpus: ~, memory: , shell: ~}")]
    public void An_empty_file_or_section_means_the_defaults(string text)
    {
        PodspawnConfig config = Parse(text);
        Assert.Equal(Show(PodspawnConfig.BuiltIn), Show(config));
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void A_partial_section_keeps_the_other_defaults()
    {
        SecurityConfig expected = new SecurityConfig() with { PidsLimit = 12 };
        Assert.Equal(Show(PodspawnConfig.BuiltIn with { Security = expected }), Show(Parse("security: {pids_limit: 12}") with { Origins = PodspawnConfig.BuiltIn.Origins }));
    }

    [Theory]
    [InlineData("cap_add: []")]
    [InlineData("cap_add: ~")]
    [InlineData("cap_add:")]
    public void An_empty_or_null_cap_add_adds_nothing(string line)
    {
        SecurityConfig security = Security($"security:\n  {line}\n");
        Assert.Empty(security.CapAdd);
        Assert.Equal(["ALL"], security.CapDrop);
    }

    [Fact]
    public void A_cap_add_replaces_the_default_list() => Assert.Equal(["NET_RAW"], Security("security: {cap_add: [NET_RAW]}").CapAdd);

    [Theory]
    [InlineData("cap_drop: []")]
    [InlineData("cap_drop: ~")]
    public void An_empty_cap_drop_is_empty_for_the_translator_to_remark_on(string line) =>
        Assert.Empty(Security($"security:\n  {line}\n").CapDrop);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("0x10", 16)]
    [InlineData("010", 8)]
    [InlineData("0o10", 8)]
    [InlineData("0b101", 5)]
    [InlineData("1_000", 1000)]
    [InlineData("1e3", 1000)]
    [InlineData("1.0e+3", 1000)]
    [InlineData("+7", 7)]
    [InlineData("256.0", 256)]
    [InlineData("09", 9)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("!!int \"12\"", 12)]
    public void An_integer_is_read_as_YAML_1_1_has_it(string written, long expected) =>
        Assert.Equal(expected, Security($"security: {{pids_limit: {written}}}").PidsLimit);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("y", true)]
    [InlineData("Yes", true)]
    [InlineData("on", true)]
    [InlineData("ON", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("FALSE", false)]
    [InlineData("N", false)]
    [InlineData("no", false)]
    [InlineData("NO", false)]
    [InlineData("Off", false)]
    [InlineData("!!bool \"true\"", true)]
    public void The_words_of_YAML_1_1_are_truth_values(string written, bool expected)
    {
        SecurityConfig security = Security($"security:\n  no_new_privileges: {written}\n  readonly_rootfs: {written}\n");
        Assert.Equal(expected, security.NoNewPrivileges);
        Assert.Equal(expected, security.ReadonlyRootfs);
    }

    [Fact]
    public void A_tmpfs_with_null_has_no_options_and_a_number_stays_what_is_written()
    {
        IReadOnlyList<KeyValuePair<string, string>> tmpfs = Security("security:\n  tmpfs:\n    /tmp:\n    /a: ~\n    /run: 5\n").Tmpfs;
        Assert.Equal([new("/tmp", ""), new("/a", ""), new("/run", "5")], tmpfs);
    }

    [Theory]
    [InlineData("tmpfs: {}")]
    [InlineData("tmpfs: ~")]
    public void An_empty_or_null_tmpfs_mounts_nothing(string line) => Assert.Empty(Security($"security:\n  {line}\n").Tmpfs);

    [Fact]
    public void A_scalar_in_a_list_of_texts_is_taken_as_written() =>
        Assert.Equal(["5", "true", "2024-01-01", "0x10"], Security("security: {cap_add: [5, true, 2024-01-01, 0x10]}").CapAdd);

    [Fact]
    public void Anchors_aliases_and_merge_keys_work()
    {
        SecurityConfig security = ConfigLoader.LoadFile(PathOf("merge-keys.yaml")).Security;
        Assert.Equal(["CHOWN"], security.CapAdd);
        Assert.Equal(["CHOWN"], security.CapDrop);
        Assert.Equal(64, security.PidsLimit);
        Assert.False(security.ReadonlyRootfs);
        Assert.Equal("crun", security.Runtime);
        Assert.Equal([new("/tmp", "size=3m"), new("/run", "size=2m")], security.Tmpfs);
    }

    [Fact]
    public void A_quoted_merge_key_is_a_key_like_any_other() =>
        Assert.Equal("security.<<", ProblemOf("security:\n  \"<<\": {pids_limit: 5}\n").Key);

    [Fact]
    public void A_byte_order_mark_is_accepted() => Assert.Equal(5, Security("\ufeffsecurity: {pids_limit: 5}").PidsLimit);

    [Theory]
    [InlineData("2.0", 2)]
    [InlineData("0.5", 0.5)]
    [InlineData("0", 0)]
    [InlineData("1e1", 10)]
    [InlineData(".5", 0.5)]
    [InlineData("1000000", 1000000)]
    public void Cpus_are_a_decimal_number(string written, double expected) =>
        Assert.Equal((decimal)expected, Parse($"defaults: {{cpus: {written}}}").Defaults.Cpus);

    [Theory]
    [InlineData("2g", 2L << 30)]
    [InlineData("512M", 512L << 20)]
    [InlineData("65536k", 64L << 20)]
    [InlineData("6291456", 6L << 20)]
    [InlineData("\"1.5GiB\"", 3L << 29)]
    [InlineData("0", 0)]
    public void Memory_is_a_size(string written, long expected) =>
        Assert.Equal(expected, Parse($"defaults: {{memory: {written}}}").Defaults.Memory);

    [Fact]
    public void A_file_with_every_key_sets_every_key()
    {
        string path = PathOf("every-key.yaml");
        PodspawnConfig config = ConfigLoader.LoadFile(path);
        Assert.Equal(["NET_RAW", "cap_mknod"], config.Security.CapDrop);
        Assert.Equal(["SYS_PTRACE"], config.Security.CapAdd);
        Assert.False(config.Security.NoNewPrivileges);
        Assert.Equal(128, config.Security.PidsLimit);
        Assert.True(config.Security.ReadonlyRootfs);
        Assert.Equal([new("/tmp", "rw,noexec,nosuid,size=512m"), new("/run", "size=64m")], config.Security.Tmpfs);
        Assert.Equal("runsc", config.Security.Runtime);
        Assert.Equal(Path.Combine(Path.GetDirectoryName(path)!, "profiles", "strict.json"), config.Security.Seccomp);
        Assert.Equal(["/proc/kcore"], config.Security.MaskedPaths);
        Assert.Equal([], config.Security.ReadonlyPaths);
        Assert.Equal(["/dev/fuse"], config.Security.Devices);
        Assert.Equal("web", config.Security.Network);
        Assert.Equal(0.5m, config.Defaults.Cpus);
        Assert.Equal(3L << 29, config.Defaults.Memory);
        Assert.Equal("/bin/zsh", config.Defaults.Shell);
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void The_locked_down_example_is_read()
    {
        SecurityConfig security = ConfigLoader.LoadFile(PathOf("locked-down.yaml")).Security;
        Assert.Equal(["CHOWN", "SETUID", "SETGID", "DAC_OVERRIDE", "FOWNER"], security.CapAdd);
        Assert.Equal(128, security.PidsLimit);
        Assert.True(security.ReadonlyRootfs);
        Assert.Equal([new("/tmp", "size=256m"), new("/run", "size=64m")], security.Tmpfs);
        Assert.Equal("runsc", security.Runtime);
    }

    [Theory]
    [InlineData("default", "default")]
    [InlineData("unconfined", "unconfined")]
    [InlineData("strict.json", "/etc/podspawn/strict.json")]
    [InlineData("../strict.json", "/etc/strict.json")]
    [InlineData("./default", "/etc/podspawn/default")]
    [InlineData("/opt/strict.json", "/opt/strict.json")]
    public void A_seccomp_profile_stands_relative_to_the_file_that_names_it(string written, string expected) =>
        Assert.Equal(expected, Security($"security: {{seccomp: {written}}}").Seccomp);

    [Fact]
    public void An_unknown_key_outside_the_security_section_is_a_warning()
    {
        PodspawnConfig config = ConfigLoader.Parse(TextOf("warnings.yaml"), "warnings.yaml");
        Assert.Equal(TextOf("warnings.expected.txt").TrimEnd().Split('\n'), config.Warnings.Select(warning => warning.ToString()));
        Assert.Equal(256, config.Security.PidsLimit);
        Assert.Equal(0, config.Defaults.Memory);
    }
}
