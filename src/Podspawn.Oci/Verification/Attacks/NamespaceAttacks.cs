using System.Globalization;
using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to what the host has outside the container's namespaces (namespaces(7)).</summary>
internal static class NamespaceAttacks
{
    private const string Finding = "namespaces";
    private const string NotMade = "the host could not lay it out";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "setns", "the namespaces of other processes", Setns),
        Row("abstract_socket", "an abstract socket of the host's", bait => bait.Socket, Of("net")),
        Row("keyring", "a key in the keyring of the host's root", bait => bait.Key, tried => tried.Expectation.Allows("keyctl")
            ? Verdict.Granted($"{tried.Detail}: the filter lets keyctl through, and keyrings belong to no namespace but the user's")
            : Verdict.Works(tried.Detail)),
        Row("sysv", "a System V segment of the host's", bait => bait.Segment, Of("ipc")),
        Row("posix_shm", "a shared memory file of the host's", bait => bait.SharedFile, Leave.ToNobody),
        Row("parent_process", "the process that verifies", bait => bait.Process.ToString(CultureInfo.InvariantCulture), Of("pid")),
    ];

    private static Attack Row(string name, string about, Func<HostBaitNames, string?> subject, Func<AttackTry, Verdict?> judge) => new(Finding, name, about, judge)
    {
        Arguments = ground => [subject(ground.Bait) is { } made ? made : new AttackArgument(Attack.NoArgument, NotMade)],
        On = _ => null,
    };

    private static Verdict Setns(AttackTry tried)
    {
        bool amongHosts = !tried.Expectation.Namespaces.Contains("pid") && tried.Expectation.Effective.Contains(Capability.SysAdmin) && tried.Expectation.Allows("setns");
        return amongHosts ? Verdict.Granted($"{tried.Detail}: SYS_ADMIN is granted among the host's processes") : Verdict.Works(tried.Detail);
    }

    private static Func<AttackTry, Verdict?> Of(string kind) => tried => tried.Expectation.Namespaces.Contains(kind)
        ? Verdict.Works(tried.Detail)
        : Verdict.Granted($"{tried.Detail}: its {kind} namespace is the host's, as asked for");
}
