using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The size of /dev/shm: what the kernel has mounted there; under gVisor, which does not tell it, what fits in.</summary>
internal static class SharedMemoryCheck
{
    private const string Path = LimitExpectation.SharedMemoryPath;

    public static string Asked(Expectation expectation) => Size(expectation) is { } size ? $"{size} bytes" : "no limit of its own";

    /// <summary>How many bytes the probe tries to write to it; 0 for none.</summary>
    public static long Fill(Expectation expectation) =>
        expectation is { OnSentry: true, Limits.SharedMemory: { } shared } && Size(expectation) is not null ? ProbeReach.FillOf(expectation, shared) : 0;

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (Size(expectation) is not { } size)
            draft.Saw($"{Path} was given no size");
        else if (expectation.OnSentry)
            Filled(size, expectation, evidence, draft);
        else if (evidence.Outside is not { } outside)
            draft.Unseen(Path, evidence.End);
        else
            Mounted(size, outside, draft);
    }

    private static void Mounted(long size, HostReport outside, FindingDraft draft)
    {
        if (outside.Mounts.LastOrDefault(entry => entry.Path == Path) is not { } mount)
        {
            draft.Unseen(Path, "nothing is mounted there");
            return;
        }
        // The kernel shows the size in kibibytes.
        string wanted = $"size={size / 1024}k";
        draft.Expect(mount.Type == "tmpfs" && mount.Options.Contains(wanted), $"outside: {mount.Path} {mount.Type} {string.Join(',', mount.Options)}", wanted);
    }

    private static void Filled(long size, Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is not { } inside)
            draft.Unseen(Path, "gVisor mounts it itself; verify without a name launches a probe");
        else if (Fill(expectation) == 0)
            draft.Differs($"{Path} is too large to be filled up, and gVisor does not tell its size otherwise");
        else if (inside.First("tmpfs", Path, "fill") is [var text, var error] && ProbeReport.Number(text) is { } wrote)
            draft.Expect(wrote == size && error == "ENOSPC", $"{wrote} bytes could be written to {Path}, then {error}", $"{size}");
        else
            draft.Unseen($"what fits into {Path}", evidence.End);
    }

    // A tmpfs of the config's own is the finding tmpfs's.
    private static long? Size(Expectation expectation) =>
        expectation.Tmpfs.Any(mount => mount.Path == Path) ? null : expectation.Limits.SharedMemory?.SizeInBytes(expectation.MemoryOfHost);
}
