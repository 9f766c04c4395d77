using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>What a config itself permits: an attack that needs no more than that reveals nothing that was not asked for.</summary>
internal static class Leave
{
    /// <summary>CLONE_NEWUSER (clone(2)).</summary>
    public const ulong NewUserNamespace = 0x10000000;

    private const ulong ChildSignal = 17;

    // The probe uses the same words.
    private const string InUserNamespace = "in a user namespace";

    /// <summary>Whether the filter allows a call.</summary>
    public static bool Allows(this Expectation expectation, string call, params ReadOnlySpan<ulong> arguments) =>
        FilterAnswer.Of(expectation.Seccomp, expectation.OnSentry, call, arguments) == FilterAnswer.Allow;

    /// <summary>Whether its processes may mount, remount and unmount what they see (mount(2)).</summary>
    public static bool MayMount(this Expectation expectation) => expectation.Effective.Contains(Capability.SysAdmin) && expectation.Allows("mount");

    /// <summary>Whether a process may create a user namespace, in which it has every capability (user_namespaces(7)): the host's kernel requires no privilege for it.</summary>
    public static bool MayMakeUserNamespace(this Expectation expectation) =>
        expectation.Allows("unshare", NewUserNamespace) || expectation.Allows("clone", NewUserNamespace | ChildSignal) || expectation.Allows("clone3");

    /// <summary>Granted to a process that may mount, directly or in its own user namespace; otherwise a way around.</summary>
    public static Verdict ToMounters(AttackTry tried)
    {
        if (tried.Expectation.MayMount())
            return Verdict.Granted($"{tried.Detail}: SYS_ADMIN is granted, and mount is not filtered");
        return OnlyInUserNamespace(tried) && tried.Expectation.MayMakeUserNamespace()
            ? Verdict.Granted($"{tried.Detail}: no filter refuses a user namespace")
            : Verdict.Works(tried.Detail);
    }

    /// <summary>Whether each way that worked led through a user namespace.</summary>
    private static bool OnlyInUserNamespace(AttackTry tried) => tried.Detail.Split(", ").All(way => way.Contains(InUserNamespace, StringComparison.Ordinal));

    /// <summary>A way around the finding under every config.</summary>
    public static Verdict ToNobody(AttackTry tried) => Verdict.Works(tried.Detail);
}
