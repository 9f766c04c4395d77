using System.Text.Json.Nodes;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix.Files;
using Podspawn.Oci.Schemas;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification.Findings;

namespace Podspawn.Oci.Tests.Schemas;

/// <summary>The schemas agree with the readers. Documents are JSON, which is YAML too.</summary>
public sealed class SchemaSpecs
{
    private const string LongestName = "a123456789012345678901234567890123456789012345678901234567890123";

    private static readonly string[] GoodConfigs =
    [
        "{}",
        "null",
        """{"session": {"max_lifetime": "1h30m"}}""",
        """{"session": {"max_lifetime": "0"}}""",
        """{"session": null}""",
        """{"security": null, "defaults": null}""",
        """{"auth": {"key_dir": "/k"}, "session": {"max_lifetime": "8h", "mode": "grace"}, "state": null, "log": [], "resources": {}, "projects_file": "p"}""",
        """{"security": {"cap_drop": [], "cap_add": null, "tmpfs": null, "masked_paths": null, "readonly_paths": []}}""",
        """{"security": {"cap_drop": ["all"], "cap_add": ["cap_chown", "Net_Raw", "CAP_SYS_PTRACE", "CHECKPOINT_RESTORE"]}}""",
        """{"security": {"no_new_privileges": false, "readonly_rootfs": true, "pids_limit": -1}}""",
        """{"security": {"no_new_privileges": null, "readonly_rootfs": null, "pids_limit": null, "runtime": null, "seccomp": null}}""",
        """{"security": {"pids_limit": 4194304}}""",
        """{"security": {"tmpfs": {"/tmp": "size=64m,mode=1777", "/a b/c": null, "/run": ""}}}""",
        """{"security": {"runtime": ""}}""",
        """{"security": {"runtime": "/usr/bin/crun", "seccomp": "default"}}""",
        """{"security": {"runtime": "runsc", "seccomp": "unconfined"}}""",
        """{"security": {"masked_paths": ["/proc/kcore"], "readonly_paths": ["/proc/sys"]}}""",
        """{"security": {"devices": ["/dev/fuse", "/dev/net/tun"]}}""",
        """{"security": {"devices": null}}""",
        """{"security": {"network": "none"}}""",
        """{"security": {"network": "web.1"}}""",
        """{"security": {"network": "web,data"}}""",
        """{"security": {"network": "container:db"}}""",
        """{"security": {"network": null}}""",
        """{"security": {"egress": null}}""",
        """{"security": {"egress": {"default": "deny", "allow": ["example.org", "*.debian.org:443"]}}}""",
        """{"security": {"tmpfs": {"/tmp/": ""}, "masked_paths": ["//proc/kcore"], "readonly_paths": ["/proc//sys/"]}}""",
        """{"defaults": {"cpus": 0, "memory": 0, "shell": "/bin/sh", "image": "debian:12"}}""",
        """{"defaults": {"cpus": 0.01, "memory": 6291456}}""",
        """{"defaults": {"cpus": 100000, "memory": "512m"}}""",
        """{"defaults": {"cpus": null, "memory": "1.5 GiB", "shell": null}}""",
        """{"defaults": {"memory": "8388608b"}}""",
        """{"defaults": {"memory": "1e9"}}""",
    ];

    private static readonly string[] BadConfigs =
    [
        "5",
        "[]",
        """{"session": 5}""",
        """{"session": {"max_lifetime": "soon"}}""",
        """{"session": {"max_lifetime": ["8h"]}}""",
        """{"Security": {}}""",
        """{"sesion": {}}""",
        """{"pids_limit": 5}""",
        """{"security": []}""",
        """{"security": {"privileged": true}}""",
        """{"security": {"cap_drop": "ALL"}}""",
        """{"security": {"devices": "/dev/fuse"}}""",
        """{"security": {"network": ""}}""",
        """{"security": {"network": "a/b"}}""",
        """{"security": {"network": "web,,data"}}""",
        """{"security": {"network": ["web"]}}""",
        """{"security": {"egress": "deny"}}""",
        """{"security": {"egress": {"default": "refuse"}}}""",
        """{"security": {"egress": {"allow": ["a b"]}}}""",
        """{"security": {"cap_drop": [null]}}""",
        """{"security": {"cap_add": ["CHWON"]}}""",
        """{"security": {"cap_add": ["CAP_ALL"]}}""",
        """{"security": {"cap_add": [" CHOWN"]}}""",
        """{"security": {"no_new_privileges": "true"}}""",
        """{"security": {"readonly_rootfs": 1}}""",
        """{"security": {"pids_limit": -2}}""",
        """{"security": {"pids_limit": 1.5}}""",
        """{"security": {"pids_limit": "256"}}""",
        """{"security": {"pids_limit": 4194305}}""",
        """{"security": {"tmpfs": ["/tmp"]}}""",
        """{"security": {"tmpfs": {"tmp": ""}}}""",
        """{"security": {"tmpfs": {"/": ""}}}""",
        """{"security": {"tmpfs": {"/tmp": ["size=5m"]}}}""",
        """{"security": {"runtime": "bin/runc"}}""",
        """{"security": {"runtime": "-x"}}""",
        """{"security": {"runtime": "run c"}}""",
        """{"security": {"runtime": ["runc"]}}""",
        """{"security": {"seccomp": ""}}""",
        """{"security": {"seccomp": "Default"}}""",
        """{"security": {"masked_paths": "/proc"}}""",
        """{"security": {"masked_paths": ["proc"]}}""",
        """{"defaults": {"shel": "/bin/sh"}}""",
        """{"defaults": {"cpus": "2"}}""",
        """{"defaults": {"cpus": -1}}""",
        """{"defaults": {"cpus": 0.001}}""",
        """{"defaults": {"cpus": 100001}}""",
        """{"defaults": {"memory": ""}}""",
        """{"defaults": {"memory": "-1g"}}""",
        """{"defaults": {"memory": "1x"}}""",
        """{"defaults": {"memory": "5 m b"}}""",
        """{"defaults": {"memory": 4096}}""",
        """{"defaults": {"memory": ["2g"]}}""",
        """{"defaults": {"shell": {}}}""",
    ];

    /// <summary>Each replaces a key of a good matrix, or adds one.</summary>
    private static readonly string[] GoodMatrices =
    [
        "{}",
        """{"time_limit": "1ms"}""",
        """{"time_limit": "3600000ms"}""",
        """{"time_limit": "999s"}""",
        """{"time_limit": "3600s"}""",
        """{"time_limit": "60m"}""",
        """{"time_limit": "1h", "exclude": null, "include": null, "expect": null}""",
        """{"time_limit": null}""",
        """{"runtimes": {"runc": null, "runsc": {"program": "runsc", "arguments": ["--platform=ptrace", "-d"]}, "c": {"program": "./crun", "arguments": null}}}""",
        $$$"""{"runtimes": {"runc": {"program": null}, "{{{LongestName}}}": {} } }""",
        """{"configs": {"open": null, "tight": {"security": {"pids_limit": 5}, "defaults": {"memory": "1g"}}}}""",
        """{"bundles": {"a": null, "b": {}, "c": {"rootfs": "x"}, "d": {"bundle": "/y"}}}""",
        """{"probes": ["all", {"name": "x", "command": ["ls", ""]}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "exit_status": 255, "output": "", "matches": "^a$", "time_limit": "5s"}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "exit_status": null, "output": null, "matches": null, "time_limit": null}]}""",
        """{"exclude": [{"runtime": "runc", "config": ["open"], "probe": ["devices", "seccomp"]}]}""",
        """{"exclude": [{"runtime": "runc"}], "include": [{"runtime": ["runc"], "config": "open", "bundle": "empty", "probe": "devices"}]}""",
        """{"expect": [{"probe": "devices", "result": "time limit", "reason": "slow"}, {"probe": "seccomp", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runsc", "when": "runsc < 20250820", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runsc", "when": "runsc>=release-20240318.0 , <0.0~20250820.0,!=20250701", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"probe": "devices", "when": ["runc <= 1.4.0-rc.1", "runsc = 20250820, runc > 1.1.5+ds1"], "result": "error", "reason": "x"}]}""",
    ];

    private static readonly string[] BadMatrices =
    [
        """{"version": 2}""",
        """{"version": "1"}""",
        """{"version": null}""",
        """{"runtime": {}}""",
        """{"time_limit": "0s"}""",
        """{"time_limit": "3600001ms"}""",
        """{"time_limit": "3601s"}""",
        """{"time_limit": "61m"}""",
        """{"time_limit": "2h"}""",
        """{"time_limit": "05s"}""",
        """{"time_limit": "5 s"}""",
        """{"time_limit": "5"}""",
        """{"runtimes": null}""",
        """{"runtimes": {}}""",
        """{"runtimes": ["runc", "runsc"]}""",
        """{"runtimes": {"run c": null}}""",
        """{"runtimes": {"-runc": null}}""",
        """{"runtimes": {"": null}}""",
        $$$"""{"runtimes": {"{{{LongestName}}}x": null}}""",
        """{"runtimes": {"runc": "runc"}}""",
        """{"runtimes": {"runc": {"path": "runc"}}}""",
        """{"runtimes": {"runc": {"program": ""}}}""",
        """{"runtimes": {"runc": {"program": "-x"}}}""",
        """{"runtimes": {"runc": {"program": ".."}}}""",
        """{"runtimes": {"runc": {"program": "run c"}}}""",
        """{"runtimes": {"runc": {"arguments": "--debug"}}}""",
        """{"runtimes": {"runc": {"arguments": ["debug"]}}}""",
        """{"runtimes": {"runc": {"arguments": ["--"]}}}""",
        """{"configs": {}}""",
        """{"configs": {"a": {"file": ""}}}""",
        """{"configs": {"a": {"file": null}}}""",
        """{"configs": {"a": {"file": "/dev/null", "security": {}}}}""",
        """{"configs": {"a": {"flie": "x"}}}""",
        """{"configs": {"a": {"security": {"pid_limit": 5}}}}""",
        """{"configs": {"a": []}}""",
        """{"bundles": {}}""",
        """{"bundles": {"a": {"rootfs": null}}}""",
        """{"bundles": {"a": {"rootfs": "x", "bundle": "y"}}}""",
        """{"bundles": {"a": {"rootfs": ""}}}""",
        """{"bundles": {"a": {"path": "x"}}}""",
        """{"probes": []}""",
        """{"probes": "all"}""",
        """{"probes": [null]}""",
        """{"probes": ["device"]}""",
        """{"probes": [{"name": "devices", "command": ["ls"]}]}""",
        """{"probes": [{"name": "all", "command": ["ls"]}]}""",
        """{"probes": [{"name": "x y", "command": ["ls"]}]}""",
        """{"probes": [{"name": "x"}]}""",
        """{"probes": [{"command": ["ls"]}]}""",
        """{"probes": [{"name": "x", "command": []}]}""",
        """{"probes": [{"name": "x", "command": [""]}]}""",
        """{"probes": [{"name": "x", "command": ["a\u0000"]}]}""",
        """{"probes": [{"name": "x", "command": "ls"}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "exit_status": 256}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "exit_status": -1}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "output": ["x"]}]}""",
        """{"probes": [{"name": "x", "command": ["ls"], "match": "x"}]}""",
        """{"exclude": {"runtime": "runc"}}""",
        """{"exclude": [{}]}""",
        """{"exclude": [null]}""",
        """{"exclude": [{"runtime": []}]}""",
        """{"exclude": [{"runtime": null}]}""",
        """{"exclude": [{"runtimes": "runc"}]}""",
        """{"exclude": [{"runtime": "runc"}], "include": [{"runtime": "runc", "config": "open", "bundle": "empty"}]}""",
        """{"exclude": [{"runtime": "runc"}], "include": [{"runtime": "runc", "config": "open", "bundle": "empty", "probe": ["devices", "seccomp"]}]}""",
        """{"expect": [{"result": "error", "reason": "x"}]}""",
        """{"expect": [{"probe": "devices", "reason": "x"}]}""",
        """{"expect": [{"probe": "devices", "result": "error"}]}""",
        """{"expect": [{"probe": "devices", "result": "holds", "reason": "x"}]}""",
        """{"expect": [{"probe": "devices", "result": "error", "reason": " "}]}""",
        """{"expect": [{"probe": "devices", "result": null, "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": null, "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": [], "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": "runc", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": "< 1.2", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": "runc == 1.2", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": "runc <", "result": "error", "reason": "x"}]}""",
        """{"expect": [{"runtime": "runc", "when": "runc > 1.1,", "result": "error", "reason": "x"}]}""",
        """{"exclude": [{"runtime": "runc", "when": "runc < 1.2"}]}""",
    ];

    [Fact]
    public async Task The_schema_of_a_config_and_its_loader_agree()
    {
        await AssertAgreement("config", GoodConfigs, BadConfigs, document =>
        {
            PodspawnConfig config = ConfigLoader.Parse(document, "c.yaml");
            return [.. config.Warnings, .. Translator.Validate(config, TestFacts.UnifiedHost)];
        });
    }

    [Fact]
    public async Task The_schema_of_a_matrix_file_and_its_reader_agree() => await AssertAgreement(
        "runtime-matrix", [.. GoodMatrices.Select(Whole)], [.. BadMatrices.Select(Whole)], document =>
            [.. MatrixFileReader.Parse(document, "m.yml").Configs.SelectMany(config => config.Config.Warnings)]);

    [Fact]
    public async Task A_config_file_in_a_matrix_is_valid_too()
    {
        Assert.Equal("", Assert.Single(await SchemaCheck.Complaints("runtime-matrix", [Whole("""{"configs": {"a": {"file": "a.yaml"}}}""")])));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("runtimes")]
    [InlineData("configs")]
    [InlineData("bundles")]
    [InlineData("probes")]
    public async Task What_a_matrix_file_needs_its_schema_requires(string key)
    {
        JsonObject document = JsonNode.Parse(Whole("{}"))!.AsObject();
        Assert.True(document.Remove(key));
        Assert.Contains(key, Assert.Single(await SchemaCheck.Complaints("runtime-matrix", [document.ToJsonString()])), StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => MatrixFileReader.Parse(document.ToJsonString(), "m.yml"));
    }

    [Fact]
    public async Task Any_config_written_as_text_is_valid()
    {
        string[] files = ["every-key.yaml", "locked-down.yaml", "merge-keys.yaml"];
        string[] texts = [.. files.Select(file => ConfigText.Of(ConfigLoader.LoadFile(Configuration.ConfigTestData.PathOf(file)))), ConfigText.Of(PodspawnConfig.BuiltIn)];
        Assert.All(await SchemaCheck.Complaints("config", texts), complaint => Assert.Equal("", complaint));
    }

    [Fact]
    public void The_defaults_in_the_schema_are_those_of_the_config()
    {
        JsonNode effective = JsonNode.Parse(ConfigText.Of(PodspawnConfig.BuiltIn))!;
        // In bytes in the one, and as a user writes it in the other.
        effective["defaults"]!["memory"] = "2g";
        Assert.Equal(2L << 30, PodspawnConfig.BuiltIn.Defaults.Memory);
        int held = 0;
        foreach (string section in (string[])["security", "defaults"])
        {
            foreach ((string key, JsonNode? property) in Definitions("config")[section]!["properties"]!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty((string?)property!["description"]), key);
                if (property["default"] is not { } value)
                    continue;
                held++;
                Assert.True(JsonNode.DeepEquals(value, effective[section]![key]), $"{key}: {value} in the schema, {effective[section]![key]} in effect");
            }
        }

        Assert.Equal(12, held);
    }

    [Fact]
    public void The_ranges_in_the_schema_are_those_of_the_rules()
    {
        JsonObject definitions = Definitions("config");
        JsonNode pids = definitions["security"]!["properties"]!["pids_limit"]!;
        Assert.Equal((PidsRules.Least, PidsRules.KernelMaximum), ((long)pids["minimum"]!, (long)pids["maximum"]!));
        JsonNode cpus = definitions["defaults"]!["properties"]!["cpus"]!["anyOf"]![1]!;
        Assert.Equal((CpuRules.Least, CpuRules.Most), ((decimal)cpus["minimum"]!, (decimal)cpus["maximum"]!));
        Assert.Equal(MemoryRules.Least, (long)definitions["defaults"]!["properties"]!["memory"]!["anyOf"]![1]!["minimum"]!);
    }

    [Fact]
    public void The_schema_knows_every_key()
    {
        JsonObject definitions = Definitions("config");
        foreach (string section in (string[])["security", "defaults"])
            Assert.Equal(Keys.Below(section).Order(StringComparer.Ordinal), definitions[section]!["properties"]!.AsObject().Select(property => property.Key)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_schema_of_a_matrix_file_holds_that_of_a_config()
    {
        JsonObject inMatrix = Definitions("runtime-matrix");
        Assert.All(Definitions("config"), definition => Assert.True(JsonNode.DeepEquals(definition.Value, inMatrix[definition.Key]), definition.Key));
    }

    [Fact]
    public void The_schemas_know_every_capability_and_every_built_in_probe()
    {
        string[] capabilities = [.. Definitions("config")["capability"]!["anyOf"]![0]!["enum"]!.AsArray().Select(name => (string)name!)];
        Assert.Equal(["ALL", .. Enum.GetValues<Capability>().Select(CapabilityNames.ShortName)], capabilities);
        JsonNode probes = JsonNode.Parse(SchemaCheck.TextOf("runtime-matrix"))!["properties"]!["probes"]!["items"]!["anyOf"]![0]!["enum"]!;
        Assert.Equal(["all", .. FindingNames.All], probes.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public void A_schema_that_does_not_exist_is_refused_with_those_that_do()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => SchemaFiles.Open("confg"));
        Assert.StartsWith("there is no schema 'confg'; known are config, runtime-matrix, verify, matrix", exception.Message, StringComparison.Ordinal);
    }

    private static JsonObject Definitions(string schema) => JsonNode.Parse(SchemaCheck.TextOf(schema))!["$defs"]!.AsObject();

    private static string Whole(string change)
    {
        JsonObject document = JsonNode.Parse(
            """
            {
              "version": 1, "runtimes": {"runc": null, "runsc": {}}, "configs": {"open": {}}, "bundles": {"empty": null},
              "probes": ["devices", "seccomp"]
            }
            """)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
            document[key] = value?.DeepClone();
        return document.ToJsonString();
    }

    /// <summary>A schema refuses what its reader refuses, and also what the reader only warns of: an editor shows both.</summary>
    private static async Task AssertAgreement(
        string schema, string[] good, string[] bad, Func<string, IReadOnlyList<Problem>> read)
    {
        string[] documents = [.. good, .. bad];
        IReadOnlyList<string> complaints = await SchemaCheck.Complaints(schema, documents);
        var disagreements = new List<string>();
        for (int i = 0; i < documents.Length; i++)
        {
            string refused = Refusal(documents[i], read);
            bool isGood = i < good.Length;
            if ((refused.Length == 0) != isGood)
                disagreements.Add($"{documents[i]}: the reader says '{refused}'");
            if ((complaints[i].Length == 0) != isGood)
                disagreements.Add($"{documents[i]}: the schema says '{complaints[i]}'");
        }

        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements));
    }

    private static string Refusal(string document, Func<string, IReadOnlyList<Problem>> read)
    {
        try
        {
            return string.Join("; ", read(document));
        }
        catch (ConfigException exception)
        {
            return exception.Message;
        }
    }
}
