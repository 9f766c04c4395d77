using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>A limit of a process (getrlimit(2)); <see cref="ulong.MaxValue"/> for unlimited.</summary>
/// <param name="Soft">The limit in effect.</param>
/// <param name="Hard">The limit to which the process itself may raise it.</param>
internal readonly record struct ProcessLimit(ulong Soft, ulong Hard)
{
    private const int SoftColumn = 26, HardColumn = 47, UnitColumn = 68;

    // proc_pid_limits(5): what the kernel calls them.
    private static readonly (string Title, string Name)[] Titles =
    [
        ("Max cpu time", "CPU"), ("Max file size", "FSIZE"), ("Max data size", "DATA"), ("Max stack size", "STACK"), ("Max core file size", "CORE"), ("Max resident set", "RSS"),
        ("Max processes", "NPROC"), ("Max open files", "NOFILE"), ("Max locked memory", "MEMLOCK"), ("Max address space", "AS"), ("Max file locks", "LOCKS"),
        ("Max pending signals", "SIGPENDING"), ("Max msgqueue size", "MSGQUEUE"), ("Max nice priority", "NICE"), ("Max realtime priority", "RTPRIO"),
        ("Max realtime timeout", "RTTIME"),
    ];

    /// <summary>A limit by its two numbers; null where one of them is none.</summary>
    internal static ProcessLimit? Of(string soft, string hard) => Number(soft) is { } first && Number(hard) is { } second ? new ProcessLimit(first, second) : null;

    /// <summary>The limits of a process of the host, by their names without RLIMIT_; empty where it has ended.</summary>
    internal static IReadOnlyDictionary<string, ProcessLimit> Of(int pid)
    {
        var limits = new Dictionary<string, ProcessLimit>();
        foreach (string line in (SmallFile.Read($"/proc/{pid}/limits") ?? "").Split('\n'))
        {
            if (line.Length > HardColumn && Titles.FirstOrDefault(one => line[..SoftColumn].TrimEnd() == one.Title).Name is { } name
                && Of(line[SoftColumn..HardColumn].Trim(), line[HardColumn..Math.Min(UnitColumn, line.Length)].Trim()) is { } limit)
            {
                limits[name] = limit;
            }
        }
        return limits;
    }

    private static ulong? Number(string text) =>
        text == "unlimited" ? ulong.MaxValue : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;
}
