using Podspawn.Oci.Host;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class CapabilityTranslationSpecs
{
    [Fact]
    public void The_default_config_grants_its_six_and_no_other()
    {
        string[] six = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID", "CAP_NET_BIND_SERVICE"];
        ProcessCapabilities sets = Translate().Spec.Process.Capabilities!;
        Assert.Equal(six, sets.Bounding);
        Assert.Equal(six, sets.Permitted);
        Assert.Equal(six, sets.Effective);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Inheritable_and_ambient_are_empty_for_every_user(uint uid)
    {
        LaunchRequest launch = Launch with { User = new ProcessUser(uid, uid, []) };
        ProcessCapabilities sets = Translate(launch: launch).Spec.Process.Capabilities!;
        Assert.Empty(sets.Inheritable);
        Assert.Empty(sets.Ambient);
        Assert.Equal(6, sets.Bounding.Count);
    }

    [Fact]
    public void Dropping_all_and_adding_chown_leaves_only_chown() =>
        Assert.Equal(["CAP_CHOWN"], Bounding(add: ["chown"], drop: ["ALL"]));

    [Fact]
    public void Adding_all_beats_dropping_all_but_not_a_name_dropped() =>
        Assert.Equal(40, Bounding(add: ["ALL"], drop: ["ALL", "SYS_ADMIN"]).Count);

    [Fact]
    public void A_capability_in_both_lists_is_added() =>
        Assert.Contains("CAP_KILL", Bounding(add: ["KILL"], drop: ["KILL"]));

    [Fact]
    public void An_empty_cap_drop_keeps_dockers_fourteen_and_a_note_names_them()
    {
        TranslationResult result = Translate(new SecurityConfig { CapAdd = [], CapDrop = [] });
        Assert.Equal(14, result.Spec.Process.Capabilities!.Bounding.Count);
        Note note = Assert.Single(result.NotesOn("security.cap_drop", NoteSeverity.Info));
        Assert.Contains("NET_RAW", note.Text, StringComparison.Ordinal);
        Assert.Contains("AUDIT_WRITE", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_capability_is_told_with_its_place_in_the_list()
    {
        Origin origin = new("config.yaml", 3, 15);
        PodspawnConfig config = Config(new SecurityConfig { CapAdd = ["CHOWN", "CHWON"] }) with
        {
            Origins = new Dictionary<string, Origin> { ["security.cap_add[1]"] = origin },
        };
        Problem problem = Assert.Single(Translator.Validate(config, UnifiedHost));
        Assert.Equal("security.cap_add[1]", problem.Key);
        Assert.Equal(origin, problem.Origin);
        Assert.Contains("CHWON", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capability_that_we_do_not_hold_is_a_problem()
    {
        HostFacts host = UnifiedHost with { AvailableCapabilities = CapabilitySet.UpTo(40) - CapabilitySet.Of(Capability.Chown) };
        Assert.Equal("security.cap_add[0]", Assert.Single(Translator.Validate(Config(), host)).Key);
    }

    [Fact]
    public void A_bundle_takes_away_what_it_does_not_ask_for_and_a_note_says_so()
    {
        LaunchRequest launch = Launch with { CapabilityCeiling = CapabilitySet.Of(Capability.Chown, Capability.SysAdmin) };
        TranslationResult result = Translate(launch: launch);
        Assert.Equal(["CAP_CHOWN"], result.Spec.Process.Capabilities!.Bounding);
        Assert.Contains("SETUID", Assert.Single(result.NotesOn("security.cap_add", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        Assert.Equal(Enforcement.Differently, result.Field("security.cap_add").Enforcement);
    }

    [Fact]
    public void A_bundle_that_asks_for_all_that_the_config_allows_changes_nothing()
    {
        LaunchRequest launch = Launch with { CapabilityCeiling = CapabilitySet.UpTo(40) };
        Assert.Empty(Translate(launch: launch).NotesOn("security.cap_add", NoteSeverity.Differently));
    }

    private static IReadOnlyList<string> Bounding(string[] add, string[] drop) =>
        Translate(new SecurityConfig { CapAdd = add, CapDrop = drop }).Spec.Process.Capabilities!.Bounding;

    [Fact]
    public void A_capability_that_the_runtime_does_not_know_is_left_out_with_a_note()
    {
        TranslationResult result = Translate(new SecurityConfig { CapAdd = ["ALL"], PidsLimit = -1 }, runtime: Runsc);
        Assert.DoesNotContain("CAP_BPF", result.Spec.Process.Capabilities!.Bounding);
        Assert.Contains("CAP_AUDIT_READ", result.Spec.Process.Capabilities.Bounding);
        Assert.Contains("PERFMON BPF CHECKPOINT_RESTORE", Assert.Single(result.NotesOn("security.cap_add", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        TranslationResult newer = Translate(new SecurityConfig { CapAdd = ["ALL"], PidsLimit = -1 }, runtime: NewRunsc);
        Assert.Contains("CAP_BPF", newer.Spec.Process.Capabilities!.Bounding);
        Assert.Empty(newer.NotesOn("security.cap_add", NoteSeverity.Differently));
    }

    [Fact]
    public void Device_nodes_that_need_no_capability_are_told()
    {
        SecurityConfig security = new() { CapAdd = ["NET_BIND_SERVICE"] };
        Assert.Contains("MKNOD", Assert.Single(Translate(security, runtime: Runsc).NotesOn("security.cap_drop", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        Assert.Empty(Translate(security, runtime: NewRunsc).NotesOn("security.cap_drop", NoteSeverity.Differently));
        Assert.Empty(Translate(security with { CapAdd = ["NET_BIND_SERVICE", "MKNOD"] }, runtime: Runsc).NotesOn("security.cap_drop", NoteSeverity.Differently));
    }

    [Fact]
    public void Low_ports_that_stay_open_without_their_capability_are_told()
    {
        TranslationResult without = Translate(new SecurityConfig { CapAdd = ["MKNOD"] }, runtime: Runsc);
        Assert.Contains("1024", Assert.Single(without.NotesOn("security.cap_drop", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        Assert.Empty(Translate(new SecurityConfig { CapAdd = ["MKNOD", "NET_BIND_SERVICE"] }, runtime: Runsc).NotesOn("security.cap_drop", NoteSeverity.Differently));
        Assert.Empty(Translate(new SecurityConfig { CapAdd = ["CHOWN"] }).NotesOn("security.cap_drop", NoteSeverity.Differently));
    }
}
