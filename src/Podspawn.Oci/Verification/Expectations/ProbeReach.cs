
namespace Podspawn.Oci.Verification.Expectations;

/// <summary>How far the probe goes in its attempts: beyond the limit where that is small, but not so far that it costs much.</summary>
internal static class ProbeReach
{
    /// <summary>The most tasks that the probe forks, and how many it forks where there is no limit.</summary>
    public const long MostTasks = 1024;

    /// <inheritdoc cref="MostTasks"/>
    public const long TasksWithoutLimit = 300;

    /// <summary>The size limit for a tmpfs that is filled, in bytes; for a larger one only the kernel's statement is checked.</summary>
    public const long LargestFill = 64 << 20;

    /// <summary>The largest memory limit that is tried, in bytes.</summary>
    public const long LargestMemory = 256 << 20;

    // Half a megabyte, and more on newer releases.
    private const long MemoryOfTask = 1 << 20;

    // Half a megabyte for each of eight attacks.
    private const long MemoryOfTaskInEachAttack = 4 << 20;

    /// <summary>How many bytes the probe tries to allocate: more than the limit.</summary>
    public static long MemoryOf(Expectation expectation) => expectation.Memory + (32 << 20);

    /// <summary>How many tasks the probe tries to reach: more than the limit where that is small.</summary>
    public static long TasksOf(Expectation expectation) => expectation.PidsLimit == 0 ? TasksWithoutLimit : Math.Min(expectation.PidsLimit + 8, MostTasks);

    /// <summary>Whether the limit on processes is tried at all: a sandbox needs enough memory for that many.</summary>
    public static bool TriesTasks(Expectation expectation) => HasMemoryFor(expectation, MemoryOfTask);

    /// <summary>
    /// Whether the limit on processes is tried more than once. Each such process costs a sandbox about half a megabyte, which it does not free at
    /// once: a sandbox with little memory would end before every attack has reached the limit.
    /// </summary>
    public static bool TriesTasksOften(Expectation expectation) => HasMemoryFor(expectation, MemoryOfTaskInEachAttack);

    /// <summary>Whether the probe exceeds the memory limit. Not in gVisor, where the whole sandbox would end.</summary>
    public static bool TriesMemory(Expectation expectation) => expectation is { OnSentry: false, Memory: > 0 and <= LargestMemory } && expectation.Controllers.Contains("memory");

    /// <summary>How many bytes the probe tries to write to a tmpfs; 0 for none.</summary>
    public static long FillOf(Expectation expectation, TmpfsExpectation mount) =>
        mount.SizeInBytes(expectation.MemoryOfHost) is { } size and <= LargestFill && (expectation.Memory == 0 || size < expectation.Memory / 2) ? size + (1 << 20) : 0;

    // Under gVisor the container's memory is that of the whole sandbox.
    private static bool HasMemoryFor(Expectation expectation, long task) =>
        !expectation.OnSentry || expectation.Memory == 0 || Math.Min(expectation.PidsLimit, MostTasks) * task <= expectation.Memory;
}
