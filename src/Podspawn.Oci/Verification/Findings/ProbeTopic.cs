namespace Podspawn.Oci.Verification.Findings;

/// <summary>When the probe does what a topic says: what may end the container comes last.</summary>
internal enum ProbePhase
{
    /// <summary>It looks, and changes nothing.</summary>
    Look,

    /// <summary>It fills a filesystem.</summary>
    Fill,

    /// <summary>It counts processes.</summary>
    Count,

    /// <summary>
    /// It makes calls that may change its user or its namespaces. gVisor (20221219) goes on to count a process that did and ended, so that this follows the counting.
    /// </summary>
    Change,

    /// <summary>It makes calls that need a capability.</summary>
    Privilege,

    /// <summary>It takes more than there is.</summary>
    Exhaust,
}

/// <summary>A topic of the probe.</summary>
/// <param name="Phase">When.</param>
/// <param name="Words">Its name and its arguments, as in the table of the probe's main.c.</param>
internal sealed record ProbeTopic(ProbePhase Phase, params IReadOnlyList<string> Words);
