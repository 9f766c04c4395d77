using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Seccomp;

/// <summary>The filter for gVisor's Sentry, and what is reported of the differences.</summary>
public sealed class SentryFilterSpecs
{
    private const string Allow = "SCMP_ACT_ALLOW";
    private const string Errno = "SCMP_ACT_ERRNO";
    private const ulong NewUser = 0x1000_0000;

    [Fact]
    public void The_default_profile_keeps_its_refusals()
    {
        LinuxSeccomp filter = Default(CapabilityRule.DockerDefault).Filter;
        Assert.Equal(Errno, filter.DefaultAction);
        foreach (string call in (string[])["unshare", "setns", "mount", "keyctl", "bpf", "io_uring_setup", "ptrace", "process_vm_writev", "kcmp"])
            Assert.Equal("refused", Filter.Verdict(filter, call));
        foreach (string call in (string[])["read", "futex", "execve", "setresuid", "chown"])
            Assert.Equal("allowed", Filter.Verdict(filter, call));
        Assert.Equal("refused", Filter.Verdict(filter, "clone", NewUser));
        Assert.Equal("allowed", Filter.Verdict(filter, "clone", 0x3D0F00));
        Assert.Equal("refused", Filter.Verdict(filter, "socket", 38));
        Assert.Equal("allowed", Filter.Verdict(filter, "socket", 2));
        Assert.All(filter.Syscalls, rule => Assert.Contains(rule.Action, (string[])[Allow, Errno, "SCMP_ACT_TRACE"]));
    }

    // glibc falls back to clone only on ENOSYS, which a call gets that asks for a tracer where there is none.
    [Fact]
    public void Threads_start_without_clone3() => Assert.Equal("SCMP_ACT_TRACE", Filter.Verdict(Default(CapabilityRule.DockerDefault).Filter, "clone3"));

    [Fact]
    public void A_call_that_the_sentry_calls_otherwise_has_both_names()
    {
        LinuxSeccomp filter = Default(CapabilityRule.DockerDefault).Filter;
        Assert.Equal(("allowed", "allowed"), (Filter.Verdict(filter, "pselect6"), Filter.Verdict(filter, "pselect")));
        Assert.Equal("errno ", Filter.Verdict(Of(Allow, new SeccompRule(["_sysctl"], Errno)).Filter, "sysctl"));
    }

    // As in containers-common's profile: a call that the profile does not know does not exist.
    [Fact]
    public void ENOSYS_is_carried_over_wherever_a_profile_names_it()
    {
        SentryFilter carried = SentryFilter.Of(
            new LinuxSeccomp { DefaultAction = Errno, DefaultErrnoRet = 38, Syscalls = [new SeccompRule(["read"], Allow), new SeccompRule(["bpf"], Errno, 1)] },
                CapabilitySet.Empty);
        Assert.Equal("SCMP_ACT_TRACE", carried.Filter.DefaultAction);
        Assert.Equal("errno ", Filter.Verdict(carried.Filter, "bpf"));
        Assert.Equal("allowed", Filter.Verdict(carried.Filter, "read"));
        Assert.DoesNotContain(carried.Differences, text => text.Contains("EPERM to every call", StringComparison.Ordinal));
    }

    [Fact]
    public void A_clone3_that_a_profile_lets_through_or_refuses_otherwise_stays_so()
    {
        Assert.Equal("allowed", Filter.Verdict(Of(Errno, new SeccompRule(["clone3"], Allow)).Filter, "clone3"));
        Assert.Equal("refused", Filter.Verdict(Of(Errno).Filter, "clone3"));
        SeccompRule both = new(["clone3", "unshare"], Errno, 38);
        Assert.Equal(["clone3", "unshare"], Of(Allow, both).Filter.Syscalls.SelectMany(rule => rule.Names).Order().Where(name => name != "ptrace"));
    }

    // The Sentry asks the filter before a tracer may change the call.
    [Theory]
    [InlineData(Errno)]
    [InlineData(Allow)]
    public void Nobody_traces_past_the_filter(string otherwise)
    {
        SentryFilter carried = Of(otherwise, new SeccompRule(["ptrace", "read"], Allow), new SeccompRule(["ptrace"], Allow));
        string verdict = Filter.Verdict(carried.Filter, "ptrace");
        Assert.Equal(otherwise == Errno ? "refused" : "errno ", verdict);
        Assert.Contains(carried.Differences, text => text.Contains("ptrace is refused", StringComparison.Ordinal));
        Assert.Equal(Allow, otherwise == Allow ? carried.Filter.DefaultAction : carried.Filter.Syscalls.Single(rule => rule.Names.Contains("read")).Action);
    }

    [Fact]
    public void With_the_capability_to_trace_ptrace_stays_and_the_gap_is_told()
    {
        SentryFilter carried = Default(CapabilitySet.Of(Capability.SysPtrace));
        Assert.Equal("allowed", Filter.Verdict(carried.Filter, "ptrace"));
        Assert.Contains(carried.Differences, text => text.Contains("takes it past the filter", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SCMP_ACT_LOG", Allow, "no log")]
    [InlineData("SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL", "ends the thread")]
    [InlineData("SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL", null)]
    [InlineData("SCMP_ACT_KILL", "SCMP_ACT_KILL", null)]
    [InlineData("SCMP_ACT_TRAP", "SCMP_ACT_TRAP", null)]
    public void An_action_that_the_sentry_refuses_becomes_its_nearest_and_is_told(string action, string becomes, string? told)
    {
        SentryFilter carried = Of(action == "SCMP_ACT_LOG" ? Errno : Allow, new SeccompRule(["kexec_load"], action));
        Assert.Equal(becomes == Allow ? "allowed" : becomes, Filter.Verdict(carried.Filter, "kexec_load"));
        Assert.Equal(told is not null, carried.Differences.Any(text => told is not null && text.Contains(told, StringComparison.Ordinal)));
        Assert.Empty(carried.Weaknesses);
        Assert.Equal(becomes, Of(action).Filter.DefaultAction);
    }

    [Theory]
    [InlineData(13u, true)]
    [InlineData(1u, false)]
    public void An_errno_other_than_EPERM_is_told(uint errno, bool told)
    {
        SentryFilter carried = Of(Allow, new SeccompRule(["kexec_load"], Errno, errno));
        Assert.Equal(told, carried.Differences.Any(text => text.Contains("EPERM to every call", StringComparison.Ordinal)));
        Assert.Null(carried.Filter.Syscalls.Single(rule => rule.Names.Contains("kexec_load")).ErrnoRet);
    }

    // runsc applies such a rule when either condition holds, the spec when both do.
    [Fact]
    public void Two_conditions_on_one_argument_are_weaker_where_they_let_through_and_stricter_where_they_refuse()
    {
        SeccompArgument[] both = [new(0, 3, null, "SCMP_CMP_GE"), new(0, 9, null, "SCMP_CMP_LE")];
        Assert.Single(Of(Errno, new SeccompRule(["socket"], Allow, Args: both)).Weaknesses);
        SentryFilter refusing = Of(Allow, new SeccompRule(["socket"], Errno, Args: both));
        Assert.Empty(refusing.Weaknesses);
        Assert.Contains(refusing.Differences, text => text.Contains("two conditions on one argument", StringComparison.Ordinal));
        SeccompArgument[] two = [new(0, 3, null, "SCMP_CMP_GE"), new(1, 9, null, "SCMP_CMP_LE")];
        Assert.Empty(Of(Errno, new SeccompRule(["socket"], Allow, Args: two)).Weaknesses);
    }

    // The Sentry applies the first rule that matches; libseccomp puts unconditional rules first, and drops those that equal the default.
    [Fact]
    public void The_order_of_the_rules_does_not_matter()
    {
        SeccompArgument[] first = [new(0, 1, null, "SCMP_CMP_EQ")];
        SentryFilter carried = Of(
            Errno,
            new SeccompRule(["a"], Allow, Args: first),
            new SeccompRule(["a"], "SCMP_ACT_KILL"),
            new SeccompRule(["b"], Errno, 1),
            new SeccompRule(["b"], Allow, Args: first),
            new SeccompRule(["c"], Allow, Args: first),
            new SeccompRule(["c"], "SCMP_ACT_KILL", Args: first));
        Assert.Equal("SCMP_ACT_KILL", Filter.Verdict(carried.Filter, "a", 1));
        Assert.Equal("allowed", Filter.Verdict(carried.Filter, "b", 1));
        Assert.Equal("refused", Filter.Verdict(carried.Filter, "b", 2));
        Assert.Equal("SCMP_ACT_KILL", Filter.Verdict(carried.Filter, "c", 1));
    }

    private static SentryFilter Default(CapabilitySet bounding) =>
        SentryFilter.Of(DefaultSeccompProfile.Instance.Resolve(bounding, CpuArchitecture.X64, SentryFilter.Kernel), bounding);

    private static SentryFilter Of(string otherwise, params SeccompRule[] rules) =>
        SentryFilter.Of(new LinuxSeccomp { DefaultAction = otherwise, Syscalls = rules }, CapabilitySet.Empty);
}
