using Podspawn.Oci.Spec;
using Podspawn.Oci.Verification.Checks;

namespace Podspawn.Oci.Tests.Verification;

public sealed class FilterAnswerSpecs
{
    private static readonly LinuxSeccomp Default = TestFacts.Translate().Spec.Linux.Seccomp!;

    [Theory]
    [InlineData("read", 0)]
    [InlineData("fchown", 0)]
    [InlineData("keyctl", 1)]
    [InlineData("chroot", 1)]
    [InlineData("no_such_call", 1)]
    [InlineData("clone3", 38)]
    public void The_default_filter_answers(string call, int answer) => Assert.Equal(answer, FilterAnswer.Of(Default, onSentry: false, call));

    [Fact]
    public void Arguments_decide()
    {
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(Default, false, "socket", 2, 1, 0));
        Assert.Equal(1, FilterAnswer.Of(Default, false, "socket", 38, 5, 0));
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(Default, false, "personality", 8));
        Assert.Equal(1, FilterAnswer.Of(Default, false, "personality", 0x40000));
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(Default, false, "clone", 17));
        Assert.Equal(1, FilterAnswer.Of(Default, false, "clone", 0x10000011));
    }

    [Fact]
    public void No_filter_lets_everything_through()
    {
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(null, false, "keyctl"));
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(null, onSentry: true, "keyctl"));
    }

    [Fact]
    public void The_Sentry_answers_with_one_errno_only()
    {
        Assert.Equal(1, FilterAnswer.Of(Default, onSentry: true, "clone3"));
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(Default, onSentry: true, "read"));
    }

    [Fact]
    public void A_filter_that_kills_answers_with_neither_leave_nor_an_errno()
    {
        var filter = new LinuxSeccomp { DefaultAction = "SCMP_ACT_KILL_PROCESS", Syscalls = [new SeccompRule(["read"], "SCMP_ACT_ALLOW")] };
        Assert.Equal(FilterAnswer.Other, FilterAnswer.Of(filter, false, "keyctl"));
        Assert.Equal(FilterAnswer.Allow, FilterAnswer.Of(filter, false, "read"));
    }
}
