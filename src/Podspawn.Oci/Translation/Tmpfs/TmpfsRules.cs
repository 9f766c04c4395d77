using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation.Tmpfs;

/// <summary>Translates <c>security.tmpfs</c> to mounts.</summary>
internal static class TmpfsRules
{
    private const string UsualMode = "1777"; // tmpfs(5)

    public static IReadOnlyList<TmpfsMount> Resolve(IReadOnlyList<KeyValuePair<string, string>> written, Diagnostics diagnostics)
    {
        if (written.Count == 0)
            return [];
        List<TmpfsMount> mounts = new(written.Count);
        HashSet<string> paths = new(StringComparer.Ordinal);
        foreach ((string path, string options) in written)
        {
            string key = Keys.TmpfsAt(path);
            if ((ContainerPath.CheckMountPoint(path) ?? ContainerPath.CheckSeen(path)) is { } problem)
                diagnostics.Refuse(key, problem.What, problem.Hint);
            else if (!paths.Add(path))
                diagnostics.Refuse(key, $"'{path}' is given twice", "remove one of the two");
            TmpfsMount mount = new(path, TmpfsOptions.Parse(key, options, diagnostics));
            WarnOfNoLimit(key, mount, diagnostics);
            mounts.Add(mount);
        }

        return mounts;
    }

    public static Mount Translate(TmpfsMount mount, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        string key = Keys.TmpfsAt(mount.Path);
        bool sentry = runtime.Kernel == SystemCallHandler.Sentry;
        List<string> texts = new(mount.Options.Count + 1);
        foreach (TmpfsOption option in mount.Options)
        {
            if (option.Group == "iversion")
                diagnostics.Inform(key, $"'{option.Text}' means nothing on a tmpfs and is left out, for not every runtime knows it");
            else
                texts.Add(sentry ? ForSentry(option, host) : option.Text);
        }

        if (sentry)
        {
            TellWhatSentryIgnores(key, mount, request, diagnostics);
            if (Find(mount, TmpfsValues.Size) is null)
                texts.Add(UsualSize(host));
        }
        SettleMode(key, mount, texts, request, runtime, diagnostics);
        return new Mount(mount.Path, "tmpfs", "tmpfs", texts);
    }

    private static void WarnOfNoLimit(string key, TmpfsMount mount, Diagnostics diagnostics)
    {
        foreach (TmpfsOption option in mount.Options)
        {
            bool unlimited = option.Group is TmpfsValues.Size or TmpfsValues.Blocks
                && TmpfsValues.TryParseSize(option.Value, out long number, out _) && number == 0;
            if (unlimited)
                diagnostics.Warn(key, $"'{option.Text}' means unlimited to the kernel");
        }
    }

    /// <summary>The mode is the user's, or that of the covered directory, or the kernel's 1777, in this order.</summary>
    private static void SettleMode(
        string key, TmpfsMount mount, List<string> texts, LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        bool covers = request.CoveredDirectoryModes.TryGetValue(mount.Path, out uint covered);
        string? asked = Find(mount, TmpfsValues.Mode);
        if (asked is null)
        {
            if (covers)
                texts.Add($"{TmpfsValues.Mode}={Octal(covered)}");
            else if (runtime.TmpfsTakesModeOfNewDirectory)
                texts.Add($"{TmpfsValues.Mode}={UsualMode}");
            return;
        }

        if (!runtime.TmpfsTakesModeOfDirectory || (covers && Octal(covered) == asked.TrimStart('0')))
            return;
        diagnostics.Differs(key, covers
            ? $"{runtime.Name} gives a tmpfs the mode of the directory that it covers, here {Octal(covered)}, not {asked}"
            : $"{runtime.Name} gives a tmpfs the mode of the directory that it covers: {asked} holds only where the root filesystem has no such directory");
    }

    // The kernel's rule for a tmpfs without a size (tmpfs(5)): written explicitly, since gVisor's releases differ without one.
    private static string UsualSize(HostFacts host) => string.Create(CultureInfo.InvariantCulture, $"{TmpfsValues.Size}={host.MemoryBytes / 2}");

    /// <summary>gVisor before 20260520 does not know percentages: it would fail to start.</summary>
    private static string ForSentry(TmpfsOption option, HostFacts host) =>
        option.Group == TmpfsValues.Size && TmpfsValues.TryParseSize(option.Value, out long share, out bool percent) && percent
            ? $"size={((UInt128)(ulong)host.MemoryBytes * (ulong)share / 100).ToString(CultureInfo.InvariantCulture)}"
            : option.Text;

    public static void TellOfSentry(RuntimeTraits runtime, Diagnostics diagnostics)
    {
        diagnostics.Differs(Keys.Tmpfs, runtime.HonoursNosuid
            ? "gvisor passes over nodev: it has no devices but its own"
            : "gvisor passes over nosuid and nodev: it never honours set-user-id bits, and has no devices but its own");
        if (!runtime.NoexecCoversMappings)
            diagnostics.Differs(Keys.Tmpfs, "gvisor's noexec refuses execve, and lets a file be mapped to be executed, as a dynamic loader does");
    }

    /// <summary>gVisor honours ro, noexec, size, mode, uid and gid, newer releases also nosuid, and silently ignores every other option.</summary>
    private static void TellWhatSentryIgnores(string key, TmpfsMount mount, LaunchRequest request, Diagnostics diagnostics)
    {
        foreach (TmpfsOption option in mount.Options)
        {
            if (option.Group is TmpfsValues.Inodes or TmpfsValues.Blocks)
                diagnostics.RefuseUnlessWaived(key, $"gvisor does not enforce '{option.Text}'", request.AllowUnenforced, "limit the tmpfs by size=");
            else if (option.Group is TmpfsValues.Policy or "sync" or "dirsync" or "atime" or "diratime" or "relatime" or "strictatime")
                diagnostics.Differs(key, $"gvisor passes over '{option.Text}'");
        }
    }

    private static string? Find(TmpfsMount mount, string key)
    {
        foreach (TmpfsOption option in mount.Options)
        {
            if (option.Group == key)
                return option.Value;
        }

        return null;
    }

    private static string Octal(uint mode) => Convert.ToString(mode & 0xFFF, 8);
}
