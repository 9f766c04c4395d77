using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>Every field set, and every field set to something else: no field is forgotten, and none is confused with another.</summary>
public sealed class EveryFieldSpecs
{
    private static readonly string[] Reference =
    [
        "security.cap_drop", "security.cap_add", "security.no_new_privileges", "security.pids_limit", "security.readonly_rootfs",
        "security.tmpfs", "security.runtime", "security.seccomp", "security.masked_paths", "security.readonly_paths",
        "security.devices", "security.network", "security.egress", "defaults.cpus", "defaults.memory",
    ];

    private static readonly SecurityConfig One = new()
    {
        CapDrop = ["ALL"],
        CapAdd = ["KILL"],
        NoNewPrivileges = true,
        PidsLimit = 11,
        ReadonlyRootfs = true,
        Tmpfs = [KeyValuePair.Create("/one", "size=1m")],
        Runtime = "crun",
        Seccomp = "default",
        MaskedPaths = ["/masked/one"],
        ReadonlyPaths = ["/readonly/one"],
        Devices = ["/dev/one"],
        Network = "one",
        Egress = new EgressConfig { Allow = ["one.example:1"] },
    };

    private static readonly SecurityConfig Other = new()
    {
        CapDrop = ["CHOWN"],
        CapAdd = ["SYS_TIME"],
        NoNewPrivileges = false,
        PidsLimit = 22,
        ReadonlyRootfs = false,
        Tmpfs = [KeyValuePair.Create("/other", "size=2m")],
        Runtime = "/usr/bin/runc",
        Seccomp = "unconfined",
        MaskedPaths = ["/masked/other"],
        ReadonlyPaths = ["/readonly/other"],
        Devices = ["/dev/other"],
        Network = "host",
        Egress = new EgressConfig { Default = "allow" },
    };

    [Fact]
    public void Every_field_set()
    {
        TranslationResult result = Translate(One, new LaunchDefaults { Cpus = 1.5m, Memory = 64L << 20 }, runtime: Crun);
        RuntimeSpec spec = result.Spec;
        Assert.Equal(["CAP_KILL"], spec.Process.Capabilities!.Bounding);
        Assert.True(spec.Process.NoNewPrivileges);
        Assert.Equal(11, spec.Linux.Resources!.Pids!.Limit);
        Assert.True(spec.Root.Readonly);
        Assert.Contains("size=1m", Assert.Single(spec.Mounts, mount => mount.Destination == "/one").Options!);
        Assert.NotNull(spec.Linux.Seccomp);
        Assert.Equal(["/masked/one"], spec.Linux.MaskedPaths);
        Assert.Equal(["/readonly/one"], spec.Linux.ReadonlyPaths);
        Assert.Equal(150000, spec.Linux.Resources.Cpu!.Quota);
        Assert.Equal(64L << 20, spec.Linux.Resources.Memory!.Limit);
        Assert.Equal(
            ["[ALL]", "[KILL]", "true", "11", "true", "{/one: \"size=1m\"}", "crun", "default", "[/masked/one]", "[/readonly/one]", "[/dev/one]", "one",
                "deny but [one.example:1]", "1.5", "64m"],
            result.Fields.Select(field => field.Value));
    }

    [Fact]
    public void Every_field_the_other_way()
    {
        TranslationResult result = Translate(Other, new LaunchDefaults { Cpus = 0, Memory = 0 });
        RuntimeSpec spec = result.Spec;
        IReadOnlyList<string> bounding = spec.Process.Capabilities!.Bounding;
        Assert.Equal(14, bounding.Count);
        Assert.Contains("CAP_SYS_TIME", bounding);
        Assert.DoesNotContain("CAP_CHOWN", bounding);
        Assert.False(spec.Process.NoNewPrivileges);
        Assert.Equal(22, spec.Linux.Resources!.Pids!.Limit);
        Assert.False(spec.Root.Readonly);
        Assert.Contains("size=2m", Assert.Single(spec.Mounts, mount => mount.Destination == "/other").Options!);
        Assert.DoesNotContain(spec.Mounts, mount => mount.Destination == "/one");
        Assert.Null(spec.Linux.Seccomp);
        Assert.Equal(["/masked/other"], spec.Linux.MaskedPaths);
        Assert.Equal(["/readonly/other"], spec.Linux.ReadonlyPaths);
        Assert.Null(spec.Linux.Resources.Cpu);
        Assert.Null(spec.Linux.Resources.Memory);
        Assert.Equal(
            [
                "[CHOWN]", "[SYS_TIME]", "false", "22", "false", "{/other: \"size=2m\"}", "/usr/bin/runc", "unconfined", "[/masked/other]", "[/readonly/other]",
                "[/dev/other]", "host", "allow", "0", "0",
            ],
            result.Fields.Select(field => field.Value));
    }

    [Fact]
    public void Each_field_alone_changes_only_its_own_part_of_the_spec()
    {
        SecurityConfig start = new();
        (string Key, SecurityConfig Changed, Func<RuntimeSpec, RuntimeSpec, RuntimeSpec> PutBack)[] changes =
        [
            ("cap_drop", start with { CapDrop = [] }, PutBackCapabilities),
            ("cap_add", start with { CapAdd = ["KILL"] }, PutBackCapabilities),
            ("no_new_privileges", start with { NoNewPrivileges = false },
                (spec, old) => spec with { Process = spec.Process with { NoNewPrivileges = old.Process.NoNewPrivileges } }),
            ("pids_limit", start with { PidsLimit = 7 },
                (spec, old) => spec with { Linux = spec.Linux with { Resources = spec.Linux.Resources! with { Pids = old.Linux.Resources!.Pids } } }),
            ("readonly_rootfs", start with { ReadonlyRootfs = true }, (spec, old) => spec with { Root = old.Root }),
            ("tmpfs", start with { Tmpfs = One.Tmpfs }, (spec, old) => spec with { Mounts = old.Mounts }),
            ("seccomp", start with { Seccomp = "unconfined" },
                (spec, old) => spec with { Linux = spec.Linux with { Seccomp = old.Linux.Seccomp } }),
            ("masked_paths", start with { MaskedPaths = ["/m"] },
                (spec, old) => spec with { Linux = spec.Linux with { MaskedPaths = old.Linux.MaskedPaths } }),
            ("readonly_paths", start with { ReadonlyPaths = ["/r"] },
                (spec, old) => spec with { Linux = spec.Linux with { ReadonlyPaths = old.Linux.ReadonlyPaths } }),
        ];
        RuntimeSpec before = Translate(start).Spec;
        string unchanged = SpecJson.SerializeIndented(before);
        foreach ((string key, SecurityConfig changed, Func<RuntimeSpec, RuntimeSpec, RuntimeSpec> putBack) in changes)
        {
            RuntimeSpec after = Translate(changed).Spec;
            Assert.True(SpecJson.SerializeIndented(after) != unchanged, $"{key} changed nothing");
            Assert.True(SpecJson.SerializeIndented(putBack(after, before)) == unchanged, $"{key} changed what is not its own");
        }
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("runsc")]
    public void Each_field_is_answered_for_once_in_the_references_order_and_every_pointer_leads_somewhere(string runtime)
    {
        SecurityConfig security = One with { MaskedPaths = null, ReadonlyPaths = null };
        TranslationResult result = Translate(security, runtime: runtime == "runc" ? Runc : Runsc);
        Assert.Equal(Reference, result.Fields.Select(field => field.Key));
        using var json = System.Text.Json.JsonDocument.Parse(SpecJson.Serialize(result.Spec));
        foreach (string pointer in result.Fields.SelectMany(field => field.SpecPaths))
        {
            System.Text.Json.JsonElement at = json.RootElement;
            foreach (string name in pointer.Split('/').Skip(1))
                at = at.ValueKind == System.Text.Json.JsonValueKind.Array ? at[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(name);
            Assert.NotEqual(System.Text.Json.JsonValueKind.Undefined, at.ValueKind);
        }
    }

    [Fact]
    public void Every_field_enforced_in_another_way_has_a_note_that_says_how()
    {
        TranslationResult result = Translate(One with { MaskedPaths = null, ReadonlyPaths = null }, runtime: Runsc);
        foreach (FieldOutcome field in result.Fields.Where(field => field.Enforcement == Enforcement.Differently))
            Assert.Contains(result.Notes, note => note.Severity == NoteSeverity.Differently && note.Key.StartsWith(field.Key, StringComparison.Ordinal));
        Assert.Equal(
            ["security.cap_drop", "security.pids_limit", "security.readonly_rootfs", "security.tmpfs", "security.seccomp", "security.masked_paths", "security.readonly_paths"],
            result.Fields.Where(field => field.Enforcement == Enforcement.Differently).Select(field => field.Key));
    }

    [Fact]
    public void All_problems_are_told_at_once_in_the_references_order_with_their_origins()
    {
        SecurityConfig security = new()
        {
            CapDrop = ["NOPE"],
            CapAdd = ["NEITHER"],
            PidsLimit = -5,
            Tmpfs = [KeyValuePair.Create("/", "")],
            Runtime = "-x",
            Seccomp = "x",
            MaskedPaths = ["x"],
            ReadonlyPaths = ["x"],
            Devices = ["x"],
            Network = "a/b",
            Egress = new EgressConfig { Default = "x", Allow = ["a", "/"] },
        };
        PodspawnConfig config = Config(security, new LaunchDefaults { Cpus = -1, Memory = -1 }) with
        {
            Origins = new Dictionary<string, Origin> { ["security.pids_limit"] = Origin.FromFlag("--pids-limit"), ["security.tmpfs"] = new("c.yaml", 4, 2) },
        };
        string[] keys =
        [
            "security.cap_drop[0]", "security.cap_add[0]", "security.pids_limit", "security.tmpfs./", "security.runtime", "security.seccomp",
            "security.masked_paths[0]", "security.readonly_paths[0]", "security.devices[0]", "security.network", "security.egress.default",
            "security.egress.allow[1]", "defaults.cpus", "defaults.memory",
        ];
        Assert.Equal(keys, Translator.Validate(config, UnifiedHost).Select(problem => problem.Key));

        TranslationException exception = Assert.Throws<TranslationException>(
            () => Translator.Translate(config, Launch with { Arguments = [] }, UnifiedHost, Runc));
        Assert.Equal([.. keys, ""], exception.Problems.Select(problem => problem.Key));
        Assert.Equal("--pids-limit", exception.Problems[2].Origin.ToString());
        Assert.Equal("c.yaml:4:2", exception.Problems[3].Origin.ToString());
        Assert.All(exception.Problems, problem => Assert.NotEmpty(problem.Hint));
    }

    [Fact]
    public void The_built_in_config_has_no_problems_and_no_notes() =>
        Assert.Empty(Translate().Notes);

    private static RuntimeSpec PutBackCapabilities(RuntimeSpec spec, RuntimeSpec old) => spec with
    {
        Process = spec.Process with { Capabilities = old.Process.Capabilities },
        Linux = spec.Linux with { Seccomp = old.Linux.Seccomp },
    };
}
