using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>Masked and read-only paths (config-linux.md, "Masked Paths", "Readonly Paths").</summary>
internal static class PathChecks
{
    private const string NullDevice = "1:3";

    public static void Masked(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is not { } inside)
        {
            MaskedFromOutside(expectation, evidence, draft);
            return;
        }
        var absent = new List<string>();
        foreach (string path in expectation.MaskedPaths)
        {
            switch (inside.First("masked_path", path))
            {
                case ["absent", ..]:
                    absent.Add(path);
                    break;
                case ["device", NullDevice]:
                    draft.Saw($"{path} is /dev/null");
                    break;
                case ["directory", "0", "ro"]:
                    draft.Saw($"{path} is an empty read-only directory");
                    break;
                case [.. var other]:
                    draft.Saw($"{path}: {string.Join(' ', other)}");
                    // gVisor's own file of that name, which reveals nothing of the host: the translation's note says so.
                    if (!expectation.OnSentry)
                        draft.Short($"{path} is not masked: {Tell(other)}");
                    break;
                default:
                    draft.Unseen(path, evidence.End);
                    break;
            }
        }
        if (absent.Count > 0)
            draft.Saw($"not there: {string.Join(' ', absent)}");
    }

    public static void Readonly(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is not { } inside)
        {
            ReadonlyFromOutside(expectation, evidence, draft);
            return;
        }
        foreach (string path in expectation.ReadonlyPaths)
        {
            switch (inside.First("readonly_path", path))
            {
                case ["absent", ..]:
                    draft.Saw($"{path} is not there");
                    break;
                case [var flag, var outcome]:
                    draft.Saw($"{path}: {flag}, writing gives {outcome}");
                    if (!expectation.OnSentry && (flag != "ro" || outcome == "ok"))
                        draft.Short($"{path} is not read-only: mounted {flag}, writing gives {outcome}");
                    break;
                default:
                    draft.Unseen(path, evidence.End);
                    break;
            }
        }
    }

    private static string Tell(string[] fields) => fields switch
    {
        ["file", var size] => ProbeReport.Number(size) is { } bytes ? $"{bytes} bytes could be read" : $"a file ({size})",
        ["directory", var entries, var flag] => $"a directory with {entries} entries, {flag}",
        ["device", var number] => $"the device {number}",
        _ => string.Join(' ', fields),
    };

    // From outside only the mounts are checked: a path inside /proc/PID/root is the container's, and is not followed.
    private static void MaskedFromOutside(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (Tables(expectation, evidence, draft) is not { } mounts)
            return;
        var without = new List<string>();
        foreach (string path in expectation.MaskedPaths)
        {
            if (mounts.LastOrDefault(mount => mount.Path == path) is { } mount)
                draft.Expect(MaskMounts.IsMask(mount), $"outside: {path} is covered by {mount.Type} {mount.Root}", "a mask");
            else
                without.Add(path);
        }
        // The runtimes leave out paths that do not exist; the host's own tree tells whether they do.
        foreach (string path in without.Where(path => File.Exists(path) || Directory.Exists(path)))
            draft.Short($"{path} is not masked");
    }

    private static void ReadonlyFromOutside(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (Tables(expectation, evidence, draft) is not { } mounts)
            return;
        foreach (string path in expectation.ReadonlyPaths)
        {
            if (mounts.LastOrDefault(mount => mount.Path == path) is { } mount)
                draft.Expect(mount.Options.Contains("ro"), $"outside: {path} is mounted {string.Join(',', mount.Options)}", "ro");
            else if (File.Exists(path) || Directory.Exists(path))
                draft.Short($"{path} is not read-only");
        }
    }

    private static IReadOnlyList<MountEntry>? Tables(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (!expectation.OnSentry && evidence.Outside is { Mounts.Count: > 0 } outside)
            return outside.Mounts;
        if (!expectation.OnSentry)
            draft.Unseen("the table of mounts", evidence.End);
        else
            draft.Saw("gVisor mounts what it has itself");
        return null;
    }
}
