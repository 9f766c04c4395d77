using System.Globalization;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>The words that tell the probe what to look at. What may end the container comes last.</summary>
internal static class ProbeArguments
{
    /// <summary>The most tasks that the probe forks, and what it forks where there is no limit.</summary>
    public const long MostTasks = 1024;

    /// <inheritdoc cref="MostTasks"/>
    public const long TasksWithoutLimit = 300;

    /// <summary>The largest tmpfs that is filled up; of a larger one only the kernel's word is taken.</summary>
    public const long LargestFill = 64 << 20;

    /// <summary>The largest memory limit that is tried.</summary>
    public const long LargestMemory = 256 << 20;

    public static IReadOnlyList<string> For(Wish wish, IReadOnlySet<string> findings)
    {
        var words = new List<string>();
        if (findings.Contains("capabilities"))
            words.Add("capabilities");
        if (findings.Contains("no_new_privileges"))
            words.AddRange(["setuid_program", ProbeProgram.SetuidCopy]);
        // A device may be mounted on a file as well.
        if (findings.Contains("readonly_rootfs") || (findings.Contains("devices") && !wish.OnSentry))
            words.Add("mounts");
        if (findings.Contains("masked_paths"))
            words.AddRange(wish.MaskedPaths.SelectMany(path => new[] { "masked_path", path }));
        if (findings.Contains("readonly_paths"))
            words.AddRange(wish.ReadonlyPaths.SelectMany(path => new[] { "readonly_path", path }));
        if (findings.Contains("namespaces"))
            words.Add("namespaces");
        if (findings.Contains("devices"))
            words.Add("devices");
        // A device file in gVisor leads to gVisor's own devices wherever it lies.
        if (findings.Contains("devices") && !wish.OnSentry)
            words.Add("device_files");
        if (findings.Contains("streams"))
            words.Add("streams");
        if (findings.Contains("runtime"))
            words.Add("kernel");
        if (findings.Contains("tmpfs"))
            words.AddRange(wish.Tmpfs.SelectMany(mount => new[] { "tmpfs", mount.Path, Text(FillOf(wish, mount)) }));
        if (findings.Contains("pids_limit"))
            words.AddRange(["pids", Text(TasksOf(wish))]);
        // After the count of processes: gVisor (20221219) goes on to count a process that changed its user or user namespace and ended.
        if (findings.Contains("seccomp"))
            words.Add("system_calls");
        if (findings.Contains("privileged_calls"))
            words.AddRange(["privileged_calls", ProbeProgram.Directory]);
        if (findings.Contains("memory") && TriesMemory(wish))
            words.AddRange(["memory", Text(wish.Memory + (32 << 20))]);
        return words;
    }

    /// <summary>How many tasks the probe tries to reach: beyond the limit where that is near.</summary>
    public static long TasksOf(Wish wish) => wish.PidsLimit == 0 ? TasksWithoutLimit : Math.Min(wish.PidsLimit + 8, MostTasks);

    /// <summary>Whether the probe runs into the memory limit. Not in gVisor, where the whole sandbox would end.</summary>
    public static bool TriesMemory(Wish wish) => wish is { OnSentry: false, Memory: > 0 and <= LargestMemory } && wish.Controllers.Contains("memory");

    /// <summary>How many bytes the probe tries to write to a tmpfs; 0 for none.</summary>
    public static long FillOf(Wish wish, TmpfsWish mount) =>
        mount.SizeInBytes(wish.MemoryOfHost) is { } size and <= LargestFill && (wish.Memory == 0 || size < wish.Memory / 2) ? size + (1 << 20) : 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
