using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>A known way around a finding, as data: its arguments, and what its outcome means for what was asked for.</summary>
/// <param name="Finding">The name of the finding whose row of the table contains it.</param>
/// <param name="Name">Its name among the finding's attacks, which the probe knows too.</param>
/// <param name="About">What is tried, in a few words for a reader.</param>
/// <param name="Judge">What the outcome means; null where there is no evidence. Not called for attacks that were refused or untried.</param>
internal sealed record Attack(string Finding, string Name, string About, Func<AttackTry, Verdict?> Judge)
{
    /// <summary>The argument of an attack that needs none.</summary>
    public const string NoArgument = "-";

    /// <summary>The name of the attacks by a process that the host starts by exec, for which the probe gets no argument.</summary>
    public const string Executed = "exec";

    /// <summary>The arguments to try it with; empty where it does not apply.</summary>
    public Func<AttackGround, IEnumerable<AttackArgument>> Arguments { get; init; } = _ => [NoArgument];

    /// <summary>The part of an argument that a reader wants to see; null for none.</summary>
    public Func<string, string?> On { get; init; } = argument => argument == NoArgument ? null : argument;
}

/// <summary>An argument of an attack.</summary>
/// <param name="Text">The text that the probe gets.</param>
/// <param name="Untried">Why there is nothing to try; null where there is.</param>
internal readonly record struct AttackArgument(string Text, string? Untried = null)
{
    public static implicit operator AttackArgument(string text) => new(text);
}

/// <summary>What the attacks depend on.</summary>
/// <param name="Expectation">What was asked for.</param>
/// <param name="Bait">The objects that the host has put out as bait.</param>
internal sealed record AttackGround(Expectation Expectation, HostBaitNames Bait)
{
    /// <summary>What answers on its network; null for nothing.</summary>
    public EgressWays? Ways { get; init; }
}

/// <summary>The names of the host's bait; null for objects that it could not create.</summary>
/// <param name="Socket">A listening socket in the abstract namespace of unix(7), without its leading null.</param>
/// <param name="Key">A key of type user in root's user keyring (keyrings(7)).</param>
/// <param name="Segment">The key of a System V shared memory segment that every user may attach (shmget(2)).</param>
/// <param name="SharedFile">A file in the host's /dev/shm that every user may read.</param>
/// <param name="Process">The process id of the verifier.</param>
internal sealed record HostBaitNames(string? Socket, string? Key, string? Segment, string? SharedFile, int Process)
{
    /// <summary>No bait.</summary>
    public static HostBaitNames None { get; } = new(null, null, null, null, Environment.ProcessId);
}

/// <summary>An attack to be tried.</summary>
internal sealed record AskedAttack(Attack Attack, AttackArgument Argument);

/// <summary>The probe's report on an attack.</summary>
/// <param name="Expectation">What was asked for.</param>
/// <param name="Argument">The argument it was tried with.</param>
/// <param name="Outcome"><c>works</c> or <c>reached</c>.</param>
/// <param name="Detail">What was reached.</param>
/// <param name="End">What stopped it: the name of an errno, or <c>ok</c> for nothing.</param>
/// <param name="Inside">The whole report from inside.</param>
internal sealed record AttackTry(Expectation Expectation, string Argument, string Outcome, string Detail, string End, ProbeReport Inside)
{
    /// <summary>The number that was reached; null where none was reported.</summary>
    public long? Reached => ProbeReport.Number(Detail);
}

/// <summary>The meaning of an outcome.</summary>
internal sealed record Verdict(AttackResult Result, string Detail)
{
    public static Verdict Refused(string detail) => new(AttackResult.Refused, detail);

    public static Verdict Untried(string detail) => new(AttackResult.Untried, detail);

    public static Verdict Granted(string detail) => new(AttackResult.Granted, detail);

    public static Verdict Told(string detail) => new(AttackResult.Told, detail);

    public static Verdict Differs(string detail) => new(AttackResult.Differs, detail);

    public static Verdict Works(string detail) => new(AttackResult.Works, detail);
}
