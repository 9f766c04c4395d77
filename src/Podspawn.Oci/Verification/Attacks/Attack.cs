using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>One known way around a finding, as data: what it is tried on, and what its outcome means for what was asked for.</summary>
/// <param name="Finding">The name of the finding whose row of the table it is in.</param>
/// <param name="Name">Its name among those of the finding, which the probe knows it by.</param>
/// <param name="About">What is tried, in a few words for a person.</param>
/// <param name="Judge">What the outcome means; null where nothing was seen. Asked for none that was refused or untried.</param>
internal sealed record Attack(string Finding, string Name, string About, Func<AttackTry, Verdict?> Judge)
{
    /// <summary>The argument of an attack that takes none.</summary>
    public const string NoArgument = "-";

    /// <summary>The name of the attacks by a process that the host brings in, for which the probe gets no word.</summary>
    public const string Executed = "exec";

    /// <summary>What it is tried on; nothing where it does not apply.</summary>
    public Func<AttackGround, IEnumerable<AttackArgument>> Arguments { get; init; } = _ => [NoArgument];

    /// <summary>What of an argument a person wants to read; null for nothing.</summary>
    public Func<string, string?> On { get; init; } = argument => argument == NoArgument ? null : argument;
}

/// <summary>An argument of an attack.</summary>
/// <param name="Text">As the probe gets it.</param>
/// <param name="Untried">Why there is nothing to try it on; null where there is.</param>
internal readonly record struct AttackArgument(string Text, string? Untried = null)
{
    public static implicit operator AttackArgument(string text) => new(text);
}

/// <summary>What there is to try attacks on.</summary>
/// <param name="Expectation">What was asked for.</param>
/// <param name="Bait">What the host has laid out to be found.</param>
internal sealed record AttackGround(Expectation Expectation, HostBaitNames Bait);

/// <summary>The names of what the host has laid out; null for what it could not make.</summary>
/// <param name="Socket">A listening socket in the abstract namespace of unix(7), without its leading null.</param>
/// <param name="Key">A key of type user in root's user keyring (keyrings(7)).</param>
/// <param name="Segment">The key of a System V shared memory segment that everybody may attach (shmget(2)).</param>
/// <param name="SharedFile">A file in the host's /dev/shm that everybody may read.</param>
/// <param name="Process">The process id of the verifier.</param>
internal sealed record HostBaitNames(string? Socket, string? Key, string? Segment, string? SharedFile, int Process)
{
    /// <summary>Nothing laid out.</summary>
    public static HostBaitNames None { get; } = new(null, null, null, null, Environment.ProcessId);
}

/// <summary>An attack that was asked for.</summary>
internal sealed record AskedAttack(Attack Attack, AttackArgument Argument);

/// <summary>What the probe said of an attack.</summary>
/// <param name="Expectation">What was asked for.</param>
/// <param name="Argument">What it was tried on.</param>
/// <param name="Outcome"><c>works</c> or <c>reached</c>.</param>
/// <param name="Detail">What was reached.</param>
/// <param name="End">What ended it: an errno's name, <c>ok</c> for nothing.</param>
/// <param name="Inside">All that was said inside.</param>
internal sealed record AttackTry(Expectation Expectation, string Argument, string Outcome, string Detail, string End, ProbeReport Inside)
{
    /// <summary>The number that was reached; null where none was told.</summary>
    public long? Reached => ProbeReport.Number(Detail);
}

/// <summary>What an outcome means.</summary>
internal sealed record Verdict(AttackResult Result, string Detail)
{
    public static Verdict Refused(string detail) => new(AttackResult.Refused, detail);

    public static Verdict Untried(string detail) => new(AttackResult.Untried, detail);

    public static Verdict Granted(string detail) => new(AttackResult.Granted, detail);

    public static Verdict Told(string detail) => new(AttackResult.Told, detail);

    public static Verdict Differs(string detail) => new(AttackResult.Differs, detail);

    public static Verdict Works(string detail) => new(AttackResult.Works, detail);
}
