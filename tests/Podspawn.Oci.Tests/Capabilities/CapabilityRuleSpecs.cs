using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Tests.Capabilities;

public class CapabilityRuleSpecs
{
    private static readonly CapabilitySet Kernel = CapabilitySet.UpTo(40);

    private static readonly string[] Fourteen =
    [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW",
        "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP",
    ];

    [Fact]
    public void The_default_config_grants_six()
    {
        CapabilityResolution result = Resolve("CHOWN SETUID SETGID DAC_OVERRIDE FOWNER NET_BIND_SERVICE", "ALL");

        Assert.Equal(0x4cbUL, result.Set.Mask);
        Assert.Empty(result.Problems);
        Assert.False(result.StartsFromDockerDefault);
    }

    [Fact]
    public void Nothing_added_or_dropped_leaves_dockers_fourteen()
    {
        CapabilityResolution result = Resolve("", "");

        Assert.Equal(Fourteen, Names(result));
        Assert.True(result.StartsFromDockerDefault);
    }

    [Fact]
    public void Dropping_all_and_adding_chown_leaves_only_chown() => Assert.Equal(["CHOWN"], Names(Resolve("CHOWN", "ALL")));

    [Fact]
    public void Dropping_all_and_adding_nothing_leaves_nothing() => Assert.Empty(Names(Resolve("", "all")));

    [Fact]
    public void Dropping_all_and_more_by_name_changes_nothing_about_what_is_added() =>
        Assert.Equal(["CHOWN"], Names(Resolve("CHOWN", "KILL ALL CHOWN")));

    [Fact]
    public void Adding_all_grants_all_that_is_available()
    {
        CapabilityResolution result = Resolve("ALL", "");

        Assert.Equal(Kernel, result.Set);
        Assert.False(result.StartsFromDockerDefault);
    }

    [Fact]
    public void Adding_all_beats_dropping_all() => Assert.Equal(Kernel, Resolve("ALL", "ALL").Set);

    [Fact]
    public void Adding_all_leaves_out_what_is_dropped_by_name() =>
        Assert.Equal(Kernel - CapabilitySet.Of(Capability.SysAdmin), Resolve("ALL", "sys_admin").Set);

    [Fact]
    public void Adding_all_and_dropping_all_leaves_out_what_is_also_dropped_by_name() =>
        Assert.Equal(Kernel - CapabilitySet.Of(Capability.SysAdmin), Resolve("ALL", "ALL CAP_SYS_ADMIN").Set);

    [Fact]
    public void Beside_all_a_name_in_both_lists_is_left_out() =>
        Assert.Equal(Kernel - CapabilitySet.Of(Capability.SysAdmin), Resolve("ALL SYS_ADMIN", "SYS_ADMIN").Set);

    [Fact]
    public void Without_all_the_fourteen_lose_what_is_dropped_and_gain_what_is_added()
    {
        CapabilityResolution result = Resolve("SYS_TIME", "NET_RAW MKNOD");

        Assert.Equal(
            Fourteen.Except(["NET_RAW", "MKNOD"]).Append("SYS_TIME").Order(StringComparer.Ordinal),
            Names(result).Order(StringComparer.Ordinal));
        Assert.True(result.StartsFromDockerDefault);
    }

    [Fact]
    public void Without_all_a_name_in_both_lists_is_added() =>
        Assert.Equal(Fourteen, Names(Resolve("NET_RAW", "NET_RAW")));

    [Fact]
    public void A_name_given_twice_counts_once() => Assert.Equal(["CHOWN"], Names(Resolve("CHOWN cap_chown Chown", "ALL ALL")));

    [Fact]
    public void All_includes_what_a_newer_kernel_knows()
    {
        CapabilitySet newer = CapabilitySet.UpTo(43);

        Assert.Equal(newer, CapabilityRule.Resolve(["ALL"], [], newer, newer).Set);
    }

    [Fact]
    public void All_and_the_fourteen_are_limited_to_what_we_hold_without_a_problem()
    {
        CapabilitySet held = CapabilitySet.Of(Capability.Chown, Capability.SysTime);

        CapabilityResolution all = CapabilityRule.Resolve(["ALL"], [], held, Kernel);
        CapabilityResolution start = CapabilityRule.Resolve([], [], held, Kernel);

        Assert.Equal(held, all.Set);
        Assert.Equal(CapabilitySet.Of(Capability.Chown), start.Set);
        Assert.Empty(all.Problems);
        Assert.Empty(start.Problems);
    }

    [Fact]
    public void An_unknown_name_in_either_list_is_a_problem_with_a_suggestion()
    {
        CapabilityResolution result = Resolve("CHOWN NET_RWA", "SYS_ADMN");

        Assert.Equal(
            [
                new CapabilityProblem("cap_drop", 0, "unknown capability 'SYS_ADMN'", "did you mean SYS_ADMIN?"),
                new CapabilityProblem("cap_add", 1, "unknown capability 'NET_RWA'", "did you mean NET_RAW?"),
            ],
            result.Problems);
    }

    [Fact]
    public void An_unknown_name_that_is_like_no_other_points_to_the_manual()
    {
        CapabilityProblem problem = Assert.Single(Resolve("FLY_TO_THE_MOON", "").Problems);

        Assert.Equal("capabilities(7) lists their names", problem.Hint);
    }

    [Fact]
    public void Adding_what_we_do_not_hold_is_a_problem()
    {
        CapabilitySet held = Kernel - CapabilitySet.Of(Capability.SysTime);

        CapabilityResolution result = CapabilityRule.Resolve(["CHOWN", "SYS_TIME"], ["ALL"], held, Kernel);

        CapabilityProblem problem = Assert.Single(result.Problems);
        Assert.Equal(("cap_add", 1), (problem.List, problem.Index));
        Assert.Contains("SYS_TIME is not in the bounding set of podspawn-oci", problem.What, StringComparison.Ordinal);
        Assert.Equal("remove it from cap_add, or run podspawn-oci with it", problem.Hint);
        Assert.Equal(["CHOWN"], Names(result));
    }

    [Fact]
    public void Adding_what_the_kernel_does_not_know_is_a_problem()
    {
        CapabilitySet old = CapabilitySet.UpTo(37);

        CapabilityProblem problem = Assert.Single(CapabilityRule.Resolve(["BPF"], ["ALL"], old, old).Problems);

        Assert.Equal("this kernel does not know the capability BPF", problem.What);
    }

    [Fact]
    public void Dropping_what_we_do_not_hold_is_fine() =>
        Assert.Empty(CapabilityRule.Resolve([], ["SYS_TIME", "BPF"], CapabilitySet.UpTo(5), CapabilitySet.UpTo(37)).Problems);

    [Fact]
    public void Adding_what_we_do_not_hold_is_fine_where_it_is_dropped_anyway()
    {
        CapabilitySet held = Kernel - CapabilitySet.Of(Capability.SysTime);

        Assert.Empty(CapabilityRule.Resolve(["ALL", "SYS_TIME"], ["SYS_TIME"], held, Kernel).Problems);
    }

    private static CapabilityResolution Resolve(string add, string drop) => CapabilityRule.Resolve(Words(add), Words(drop), Kernel, Kernel);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Names(CapabilityResolution result) => [.. result.Set.Members().Select(CapabilityNames.ShortName)];
}
