using System.Globalization;
using Podspawn.Oci.Translation.Tmpfs;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>Each tmpfs: that it exists, its size, and its flags by their effect (tmpfs(5), mount(8)).</summary>
internal static class TmpfsCheck
{
    private const string TmpfsMagic = "1021994";

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        foreach (TmpfsExpectation mount in expectation.Tmpfs)
        {
            if (evidence.Inside is { } inside)
                One(expectation, mount, inside, evidence, draft);
            else
                FromOutside(expectation, mount, evidence, draft);
        }
        if (expectation.Tmpfs.Count == 0)
            draft.Saw("none was asked for");
    }

    private static void One(Expectation expectation, TmpfsExpectation asked, ProbeReport inside, Evidence evidence, FindingDraft draft)
    {
        string path = asked.Path;
        if (inside.First("tmpfs", path, "mount") is not [var type, var bytes, _, var mode, var uid, var gid, var flags])
        {
            if (inside.Word("tmpfs", path, "error") is { } error)
                draft.Short($"{path} is no tmpfs: {error}");
            else
                draft.Unseen(path, evidence.End);
            return;
        }
        draft.Saw($"{path}: {bytes} bytes, mode {mode}, {uid}:{gid}, {flags}");
        if (type != TmpfsMagic)
            draft.Short($"{path} is no tmpfs (filesystem type {type})");
        Size(expectation, asked, ProbeReport.Number(bytes) ?? 0, inside, draft);
        Owner(asked, mode, uid, gid, draft);
        Flags(expectation, asked, inside, [.. flags.Split(',')], draft);
    }

    private static void Size(Expectation expectation, TmpfsExpectation asked, long total, ProbeReport inside, FindingDraft draft)
    {
        if (asked.SizeInBytes(expectation.MemoryOfHost) is not { } size || asked.Has("ro"))
            return;
        // The kernel computes a share of memory from a number of pages that it does not report exactly.
        long tolerance = asked.Value(TmpfsValues.Size)!.EndsWith('%') ? size / 100 : 0;
        // gVisor's statfs does not report a tmpfs's size: there, what can be written counts.
        if (!expectation.OnSentry && Math.Abs(total - size) > tolerance)
            draft.Short($"{asked.Path} has {total} bytes, asked for {size}");
        if (ProbeReach.FillOf(expectation, asked) == 0)
        {
            if (expectation.OnSentry)
                draft.Differs($"{asked.Path} is too large to be filled up, and gVisor does not tell its size otherwise");
            return;
        }
        if (inside.First("tmpfs", asked.Path, "fill") is not [var text, var error] || ProbeReport.Number(text) is not { } wrote)
        {
            draft.Unseen($"what fits into {asked.Path}", null);
            return;
        }
        draft.Saw($"{asked.Path}: {wrote} bytes could be written, then {error}");
        if (error is "EACCES" && expectation.Uid != 0)
            return;
        if (Math.Abs(wrote - size) > tolerance || error != "ENOSPC")
            draft.Short($"{asked.Path}: {wrote} bytes could be written, then {error}; asked for {size}");
    }

    private static void Owner(TmpfsExpectation asked, string mode, string uid, string gid, FindingDraft draft)
    {
        if (asked.Mode is { } wanted && wanted.TrimStart('0') != mode.TrimStart('0'))
            draft.Short($"{asked.Path} has mode {mode}, asked for {wanted}");
        if (asked.Value("uid") is { } owner && owner != uid)
            draft.Short($"{asked.Path} belongs to user {uid}, asked for {owner}");
        if (asked.Value("gid") is { } group && group != gid)
            draft.Short($"{asked.Path} belongs to group {gid}, asked for {group}");
    }

    private static void Flags(Expectation expectation, TmpfsExpectation asked, ProbeReport inside, HashSet<string> flags, FindingDraft draft)
    {
        string path = asked.Path;
        // The flag where the kernel reports it, and its effect where that can be tried. gVisor neither shows nor needs nosuid and nodev.
        foreach (string flag in (string[])["noexec", "nosuid", "nodev", "ro"])
        {
            if (asked.Has(flag) && !flags.Contains(flag) && !expectation.OnSentry)
                draft.Short($"{path} is mounted without {flag}");
        }
        string exec = inside.Word("tmpfs", path, "exec") ?? "nothing";
        draft.Saw($"{path}: execve gives {exec}");
        if (asked.Has("noexec") && exec is "ok" or "ENOEXEC" or "nothing")
            draft.Short($"{path}: a program on it can be executed ({exec})");
        string[] device = inside.First("tmpfs", path, "device") ?? ["nothing"];
        draft.Saw($"{path}: a device file gives {string.Join(' ', device)}");
        if (asked.Has("nodev") && device[0] == "ok" && !expectation.OnSentry)
            draft.Short($"{path}: a device file on it can be opened");
        Setuid(expectation, asked, inside, draft);
        string written = inside.First("tmpfs", path, "fill") is [_, var error] ? error : "nothing";
        if (asked.Has("ro") && written != "EROFS")
            draft.Short($"{path} can be written to ({written})");
    }

    private static void Setuid(Expectation expectation, TmpfsExpectation asked, ProbeReport inside, FindingDraft draft)
    {
        // The program itself reports its user, in the line after the announcement; the first such line of all belongs to the finding no_new_privileges.
        if (inside.First("tmpfs", asked.Path, "setuid") is not ["follows"] || inside.FirstAfter(["tmpfs", asked.Path, "setuid"], "whoami") is not [_, var effective])
            return;
        bool gained = effective != expectation.Uid.ToString(CultureInfo.InvariantCulture);
        draft.Saw($"{asked.Path}: a set-user-id program on it runs as user {effective}");
        if (gained && asked.Has("nosuid"))
            draft.Short($"{asked.Path}: a set-user-id program on it became user {effective}");
    }

    private static void FromOutside(Expectation expectation, TmpfsExpectation asked, Evidence evidence, FindingDraft draft)
    {
        MountEntry? mount = expectation.OnSentry ? null : evidence.Outside?.Mounts.LastOrDefault(entry => entry.Path == asked.Path);
        if (mount is null)
        {
            draft.Unseen(asked.Path, expectation.OnSentry ? "gVisor mounts it itself; verify without a name launches a probe" : "nothing is mounted there");
            return;
        }
        draft.Saw($"outside: {mount.Path} {mount.Type} {string.Join(',', mount.Options)}");
        if (mount.Type != "tmpfs")
            draft.Short($"{asked.Path} is no tmpfs but {mount.Type}");
        foreach (string flag in (string[])["noexec", "nosuid", "nodev", "ro"])
        {
            if (asked.Has(flag) && !mount.Options.Contains(flag))
                draft.Short($"{asked.Path} is mounted without {flag}");
        }
        // The kernel shows the size in kibibytes.
        if (asked.SizeInBytes(expectation.MemoryOfHost) is { } size && !asked.Value(TmpfsValues.Size)!.EndsWith('%') && !mount.Options.Contains($"size={size / 1024}k"))
            draft.Short($"{asked.Path} is not mounted with size={size / 1024}k");
    }
}
