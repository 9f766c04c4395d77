namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The faults of gVisor. Its project gives ids only to escapes from the sandbox; the others have a name.</summary>
internal static class RunscFaults
{
    private const string FilterRefuses = "the seccomp filter refuses new user namespaces, unless it is unconfined";

    internal static IReadOnlyList<RuntimeFault> All { get; } =
    [
        new("GHSA-2h39-83vm-vq42", "root with leave to mount can end its own sandbox", new FaultRange(null, "20231204")),
        new("CVE-2024-10603", "source ports of the sandbox's network can be foretold", new FaultRange(null, "20241028")),
        new("CVE-2025-2713", "the first process reads files that its user may not", new FaultRange(null, "20250319")),
        new("raw sockets", "a new user namespace gives raw and packet sockets", new FaultRange(null, "20251215")) { Closed = FilterRefuses },
        new("user namespaces", "a new user namespace lifts the limit on processes", new FaultRange(null, "20260112")) { Closed = FilterRefuses },
        new("CVE-2026-96812", "an image with a node of the host's /dev/cuse, where CUSE is loaded, breaks out", new FaultRange(null, "20260824")),
    ];
}
