namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>
/// The published faults of the runtimes, from their advisories and change logs, the CVE records, and the security notices and change logs of Debian
/// and Ubuntu. What these do not confirm is not claimed.
/// </summary>
internal static class FaultTable
{
    /// <summary>The day up to which the faults are known.</summary>
    public const string KnownUpTo = "2026-11-27";

    /// <summary>The faults of a runtime, in the order of their publication; empty for an unknown runtime.</summary>
    public static IReadOnlyList<RuntimeFault> Of(string runtime) => runtime switch
    {
        "runc" => RuncFaults.All,
        "crun" => CrunFaults.All,
        "runsc" => RunscFaults.All,
        _ => [],
    };
}
