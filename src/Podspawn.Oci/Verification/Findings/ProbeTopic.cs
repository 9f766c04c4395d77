namespace Podspawn.Oci.Verification.Findings;

/// <summary>The phases of the probe, in order: topics that may end the container come last.</summary>
internal enum ProbePhase
{
    /// <summary>It observes, and changes nothing.</summary>
    Look,

    /// <summary>It fills a filesystem.</summary>
    Fill,

    /// <summary>It counts processes.</summary>
    Count,

    /// <summary>
    /// It makes calls that may change its user or its namespaces. gVisor (20221219) still counts a process that has done so and has ended, so that
    /// this follows the counting.
    /// </summary>
    Change,

    /// <summary>It makes calls that need a capability.</summary>
    Privilege,

    /// <summary>It uses more than there is.</summary>
    Exhaust,
}

/// <summary>A topic of the probe.</summary>
/// <param name="Phase">Its phase.</param>
/// <param name="Words">Its name and its arguments, as in the table of the probe's main.c.</param>
internal sealed record ProbeTopic(ProbePhase Phase, params IReadOnlyList<string> Words);
