using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Translation;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>A flag overrides the file.</summary>
public sealed class ConfigOverridesSpecs
{
    [Fact]
    public void No_flags_change_nothing()
    {
        PodspawnConfig config = ConfigLoader.LoadFile(PathOf("every-key.yaml"));
        Assert.Equal(Show(config), Show(new ConfigOverrides().ApplyTo(config)));
    }

    [Fact]
    public void Every_flag_sets_its_own_field_and_no_other()
    {
        var flags = new ConfigOverrides
        {
            CapAdd = ["NET_ADMIN"],
            CapDrop = ["KILL"],
            NoNewPrivileges = false,
            PidsLimit = 7,
            ReadonlyRootfs = true,
            Tmpfs = ["/x:size=1m"],
            Runtime = "crun",
            Seccomp = "unconfined",
            Network = "web",
            EgressAllow = ["example.org:443", "10.0.0.0/8"],
            Cpus = "0.25",
            Memory = "64m",
        };
        string shown = Show(flags.ApplyTo(Parse("security: {cap_add: [], cap_drop: []}")));
        Assert.Equal(
            """
            drop=KILL add=NET_ADMIN nnp=False pids=7
            ro=True tmpfs=[/x, size=1m] runtime=crun seccomp=unconfined
            masked=docker's readonly=docker's devices=[] network=web egress=deny [example.org:443 10.0.0.0/8]
            cpus=0.25 memory=67108864 shell=none
            defaults.cpus <- --cpus
            defaults.memory <- --memory
            security.cap_add <- --cap-add
            security.cap_add[0] <- --cap-add
            security.cap_drop <- --cap-drop
            security.cap_drop[0] <- --cap-drop
            security.egress <- --egress-allow
            security.egress.allow[0] <- --egress-allow
            security.egress.allow[1] <- --egress-allow
            security.egress.default <- --egress-allow
            security.network <- --network
            security.no_new_privileges <- --security-opt no-new-privileges
            security.pids_limit <- --pids-limit
            security.readonly_rootfs <- --read-only
            security.runtime <- --runtime
            security.seccomp <- --security-opt seccomp
            security.tmpfs <- --tmpfs
            security.tmpfs./x <- --tmpfs
            """.ReplaceLineEndings("\n"),
            shown);
    }

    [Theory]
    [InlineData("", "deny", "", " egress=deny []")]
    [InlineData("", null, "b", " egress=deny [b]")]
    [InlineData("egress: {allow: [a]}", null, "b a", " egress=deny [a b]")]
    [InlineData("egress: {allow: [a]}", "deny", "", " egress=deny [a]")]
    [InlineData("egress: {allow: [a]}", "allow", "", " egress=allow []")]
    [InlineData("egress: {default: allow}", null, "b", " egress=deny [b]")]
    [InlineData("egress: {}", null, "", " egress=deny []")]
    [InlineData("egress: ~", null, "", "")]
    public void Rules_of_flags_come_behind_those_of_the_file(string file, string? egress, string allow, string shown)
    {
        var flags = new ConfigOverrides { Egress = egress, EgressAllow = allow.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
        PodspawnConfig once = flags.ApplyTo(Parse(file.Length == 0 ? "" : $"security: {{{file}}}"));
        Assert.Contains($"network=none{shown}\n", Show(once), StringComparison.Ordinal);
        Assert.Equal(Show(once), Show(flags.ApplyTo(once)));
    }

    // file's add, file's drop, --cap-add, --cap-drop: add, drop
    [Theory]
    [InlineData("CHOWN,KILL", "ALL", "", "chown", "KILL", "ALL,chown")]
    [InlineData("CHOWN,KILL", "ALL", "", "CAP_CHOWN", "KILL", "ALL,CAP_CHOWN")]
    [InlineData("CHOWN", "NET_RAW,MKNOD", "net_raw", "", "CHOWN,net_raw", "MKNOD")]
    [InlineData("CHOWN", "cap_net_raw", "NET_RAW", "", "CHOWN,NET_RAW", "")]
    [InlineData("CHOWN", "ALL", "NET_RAW", "", "CHOWN,NET_RAW", "ALL")]
    [InlineData("CHOWN,KILL", "NET_RAW", "", "ALL", "", "NET_RAW,ALL")]
    [InlineData("CHOWN,KILL", "NET_RAW", "NET_RAW", "all", "NET_RAW", "all")]
    [InlineData("CHOWN", "ALL,NET_RAW", "ALL", "", "CHOWN,ALL", "ALL,NET_RAW")]
    [InlineData("CHOWN", "ALL", "ALL", "NET_RAW", "CHOWN,ALL", "ALL,NET_RAW")]
    [InlineData("CHOWN", "", "ALL", "ALL", "ALL", "ALL")]
    [InlineData("ALL", "", "", "ALL", "", "ALL")]
    [InlineData("ALL", "", "", "CHOWN", "ALL", "CHOWN")]
    [InlineData("", "", "CHOWN", "CHOWN", "CHOWN", "")]
    [InlineData("ALL", "", "CHOWN", "CAP_CHOWN", "ALL,CHOWN", "")]
    [InlineData("", "", "ALL,CHOWN", "CHOWN", "ALL,CHOWN", "CHOWN")]
    [InlineData("CHOWN", "ALL", "chown,CAP_CHOWN,KILL", "", "chown,KILL", "ALL")]
    [InlineData("CHOWN", "KILL", "", "KILL,kill", "CHOWN", "KILL")]
    public void Capabilities_are_overridden_one_by_one(
        string fileAdd, string fileDrop, string flagAdd, string flagDrop, string add, string drop)
    {
        PodspawnConfig file = Parse($"security: {{cap_add: [{fileAdd}], cap_drop: [{fileDrop}]}}");
        SecurityConfig security = new ConfigOverrides { CapAdd = Split(flagAdd), CapDrop = Split(flagDrop) }.ApplyTo(file).Security;
        Assert.Equal(add, string.Join(',', security.CapAdd));
        Assert.Equal(drop, string.Join(',', security.CapDrop));
    }

    [Fact]
    public void An_element_keeps_its_origin_when_others_go()
    {
        PodspawnConfig file = Parse("security:\n  cap_add:\n    - CHOWN\n    - KILL\n    - MKNOD\n");
        PodspawnConfig config = new ConfigOverrides { CapAdd = ["NET_RAW"], CapDrop = ["CHOWN"] }.ApplyTo(file);
        Assert.Equal(["KILL", "MKNOD", "NET_RAW"], config.Security.CapAdd);
        Assert.Equal(4, config.OriginOf("security.cap_add[0]").Line);
        Assert.Equal(5, config.OriginOf("security.cap_add[1]").Line);
        Assert.Equal("--cap-add", config.OriginOf("security.cap_add[2]").ToString());
        Assert.Equal(Origin.Default, config.OriginOf("security.cap_drop[0]"));
        Assert.Equal("--cap-drop", config.OriginOf("security.cap_drop[1]").ToString());
    }

    [Fact]
    public void A_default_capability_beside_a_flag_stays_a_default()
    {
        PodspawnConfig config = new ConfigOverrides { CapAdd = ["NET_RAW"] }.ApplyTo(PodspawnConfig.BuiltIn);
        Assert.Equal(Origin.Default, config.OriginOf("security.cap_add[0]"));
        Assert.Equal("--cap-add", config.OriginOf("security.cap_add").ToString());
        Assert.Equal(Origin.Default, config.OriginOf("security.cap_drop"));
        Assert.Empty(PodspawnConfig.BuiltIn.Origins);
    }

    [Fact]
    public void A_list_that_the_opposite_flag_shortened_came_from_that_flag()
    {
        PodspawnConfig config = new ConfigOverrides { CapDrop = ["ALL"] }.ApplyTo(PodspawnConfig.BuiltIn);
        Assert.Empty(config.Security.CapAdd);
        Assert.Equal("--cap-drop", config.OriginOf("security.cap_add").ToString());
    }

    [Fact]
    public void A_tmpfs_flag_replaces_its_path_in_place_and_else_comes_last()
    {
        PodspawnConfig file = Parse("security:\n  tmpfs:\n    /tmp: size=1m\n    /run: size=2m\n");
        PodspawnConfig config = new ConfigOverrides { Tmpfs = ["/tmp:size=3m,mpol=bind:0", "/var/tmp", "/new:a", "/new:b"] }.ApplyTo(file);
        Assert.Equal([new("/tmp", "size=3m,mpol=bind:0"), new("/run", "size=2m"), new("/var/tmp", ""), new("/new", "b")], config.Security.Tmpfs);
        Assert.Equal("--tmpfs", config.OriginOf("security.tmpfs./tmp").ToString());
        Assert.Equal("--tmpfs", config.OriginOf("security.tmpfs./var/tmp").ToString());
        Assert.Equal(4, config.OriginOf("security.tmpfs./run").Line);
    }

    [Fact]
    public void A_tmpfs_path_with_a_slash_at_its_end_is_the_same_path()
    {
        PodspawnConfig config = new ConfigOverrides { Tmpfs = ["/tmp/:size=3m"] }.ApplyTo(Parse("security: {tmpfs: {/tmp: size=1m}}"));
        Assert.Equal([new("/tmp", "size=3m")], config.Security.Tmpfs);
        Assert.Equal("--tmpfs", config.OriginOf("security.tmpfs./tmp").ToString());
    }

    [Fact]
    public void Paths_of_a_file_lose_the_slashes_that_mean_nothing()
    {
        PodspawnConfig config = Parse("security:\n  tmpfs:\n    /tmp/: size=1m\n    /a//b/./c: ''\n  masked_paths: [/proc/acpi/]\n  readonly_paths: [//proc//sys/, /x/../y, rel/]\n");
        Assert.Equal([new("/tmp", "size=1m"), new("/a/b/c", "")], config.Security.Tmpfs);
        Assert.Equal(3, config.OriginOf("security.tmpfs./tmp").Line);
        Assert.Equal(["/proc/acpi"], config.Security.MaskedPaths);
        Assert.Equal(["/proc/sys", "/x/../y", "rel/"], config.Security.ReadonlyPaths);
    }

    [Fact]
    public void A_profile_on_the_command_line_is_relative_to_the_current_directory()
    {
        PodspawnConfig file = Parse("security: {seccomp: strict.json}");
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "mine.json"), new ConfigOverrides { Seccomp = "mine.json" }.ApplyTo(file).Security.Seccomp);
        Assert.Equal("default", new ConfigOverrides { Seccomp = "default" }.ApplyTo(file).Security.Seccomp);
    }

    [Fact]
    public void Zero_lifts_a_limit()
    {
        LaunchDefaults defaults = new ConfigOverrides { Cpus = "0", Memory = "0" }.ApplyTo(PodspawnConfig.BuiltIn).Defaults;
        Assert.Equal((0m, 0L), (defaults.Cpus, defaults.Memory));
    }

    [Fact]
    public void Every_bad_flag_is_told_by_its_name()
    {
        var flags = new ConfigOverrides
        {
            CapAdd = [""],
            CapDrop = [" "],
            Tmpfs = [":size=1m", ""],
            Cpus = "many",
            Memory = "lots",
        };
        IReadOnlyList<Problem> problems = Assert.Throws<ConfigException>(() => flags.ApplyTo(PodspawnConfig.BuiltIn)).Problems;
        Assert.Equal(
            ["--cap-add", "--cap-drop", "--tmpfs", "--tmpfs", "--cpus", "--memory"],
            problems.Select(problem => problem.Origin.Flag));
    }

    [Fact]
    public void Every_flag_whose_value_will_not_do_is_told_by_its_name()
    {
        IReadOnlyList<Problem> problems = Refusal(new ConfigOverrides { PidsLimit = -2, Seccomp = "DEFAULT", Cpus = "0.001", Memory = "1m" });
        Assert.Equal(["--pids-limit", "--security-opt seccomp", "--cpus", "--memory"], problems.Select(problem => problem.Origin.Flag));
        Assert.Equal("--pids-limit: security.pids_limit: -2 is below -1; write a number from 1 up, or -1 for unlimited", problems[0].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("0.001")]
    [InlineData("0.00000000000000000000000000000000000001")]
    [InlineData("1e1")]
    [InlineData("0x2")]
    [InlineData("1,5")]
    [InlineData("1000001")]
    [InlineData("NaN")]
    public void A_bad_number_of_cores_is_refused(string cpus) =>
        Assert.Equal("--cpus", Assert.Single(Refusal(new ConfigOverrides { Cpus = cpus })).Origin.Flag);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("5m")]
    [InlineData("lots")]
    public void A_bad_size_is_refused(string memory) =>
        Assert.Equal("--memory", Assert.Single(Refusal(new ConfigOverrides { Memory = memory })).Origin.Flag);

    private static IReadOnlyList<Problem> Refusal(ConfigOverrides flags)
    {
        try
        {
            return Translator.Validate(flags.ApplyTo(PodspawnConfig.BuiltIn), TestFacts.UnifiedHost);
        }
        catch (ConfigException e)
        {
            return e.Problems;
        }
    }

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
