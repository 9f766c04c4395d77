using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The read-only root: which of all mounts are really writable.</summary>
internal static class ReadonlyRootCheck
{
    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is not { } inside)
        {
            FromOutside(expectation, evidence, draft);
            return;
        }
        IReadOnlyList<string[]> mounts = inside.All("mount");
        if (inside.Word("mounts") != "ok" || mounts.Count == 0)
        {
            draft.Unseen("the table of mounts", evidence.End ?? inside.Word("mounts"));
            return;
        }
        var writable = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string[] mount in mounts)
        {
            if (mount is [var path, _, _, _, "ok", ..])
                writable.Add(path);
        }
        draft.Saw($"writable: {(writable.Count == 0 ? "nothing" : string.Join(' ', writable))}");
        draft.Saw($"refused: {string.Join(' ', mounts.Where(mount => mount is [_, _, _, _, not ("ok" or "-"), ..]).Select(mount => $"{mount[0]} {mount[4]}").Distinct())}");
        if (!mounts.Any(mount => mount[0] == "/"))
            draft.Unseen("the root's mount", evidence.End);
        Judge(expectation, mounts, writable, draft);
    }

    private static void Judge(Expectation expectation, IReadOnlyList<string[]> mounts, SortedSet<string> writable, FindingDraft draft)
    {
        if (expectation.ReadonlyRoot)
        {
            foreach (string path in writable.Where(path => !expectation.WritableMounts.Contains(path)))
                draft.Short($"{path} can be written to");
        }
        // For another user than root, the modes of the root's directories decide.
        else if (expectation.Uid == 0 && !writable.Contains("/"))
        {
            draft.Short($"/ refuses to be written to with {mounts.LastOrDefault(mount => mount[0] == "/") switch { [_, _, _, _, var error, ..] => error,
                _ => "an error" }}, asked for a writable root");
        }
    }

    private static void FromOutside(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        MountEntry? root = expectation.OnSentry ? null : evidence.Outside?.Mounts.LastOrDefault(mount => mount.Path == "/");
        if (root is null)
        {
            draft.Unseen("the root's mount", expectation.OnSentry ? "gVisor mounts it itself; verify without a name launches a probe" : evidence.End);
            return;
        }
        bool isReadonly = root.Options.Contains("ro");
        draft.Expect(isReadonly == expectation.ReadonlyRoot, $"outside: / is mounted {(isReadonly ? "read-only" : "read-write")}", expectation.ReadonlyRoot ? "read-only"
            : "read-write");
        if (!expectation.ReadonlyRoot)
            return;
        // The list has the mount's options and its filesystem's, and one ro is enough.
        foreach (MountEntry mount in evidence.Outside!.Mounts.Where(mount => !mount.Options.Contains("ro") && !expectation.WritableMounts.Contains(mount.Path)))
        {
            if (!IsKernels(mount))
                draft.Short($"{mount.Path} is mounted read-write");
        }
    }

    // The content of these is the kernel's, and files cannot be created there; masked paths have their own findings.
    private static bool IsKernels(MountEntry mount) =>
        mount.Type is "proc" or "sysfs" or "devpts" or "cgroup" or "cgroup2" or "mqueue" or "devtmpfs"
        || mount.Path.StartsWith("/proc/", StringComparison.Ordinal) || mount.Path.StartsWith("/sys/", StringComparison.Ordinal);
}
