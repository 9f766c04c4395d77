
namespace Podspawn.Oci.Verification.Expectations;

/// <summary>How far the probe goes in what it tries: beyond the limit where that is near, and not so far that it costs much.</summary>
internal static class ProbeReach
{
    /// <summary>The most tasks that the probe forks, and what it forks where there is no limit.</summary>
    public const long MostTasks = 1024;

    /// <inheritdoc cref="MostTasks"/>
    public const long TasksWithoutLimit = 300;

    /// <summary>The largest tmpfs that is filled up; of a larger one only the kernel's word is taken.</summary>
    public const long LargestFill = 64 << 20;

    /// <summary>The largest memory limit that is tried.</summary>
    public const long LargestMemory = 256 << 20;

    // Newer releases take more than half a megabyte.
    private const long MemoryOfOneTask = 1 << 20;

    // Half a megabyte for each of eight attacks.
    private const long MemoryOfTask = 4 << 20;

    /// <summary>How many bytes the probe tries to take: beyond the limit.</summary>
    public static long MemoryOf(Expectation expectation) => expectation.Memory + (32 << 20);

    /// <summary>How many tasks the probe tries to reach: beyond the limit where that is near.</summary>
    public static long TasksOf(Expectation expectation) => expectation.PidsLimit == 0 ? TasksWithoutLimit : Math.Min(expectation.PidsLimit + 8, MostTasks);

    /// <summary>Whether the limit on processes is tried at all: a sandbox has to hold so many of them in its memory.</summary>
    public static bool TriesTasks(Expectation expectation) => !expectation.OnSentry || expectation.Memory == 0 || expectation.PidsLimit * MemoryOfOneTask <= expectation.Memory;

    /// <summary>
    /// Whether the limit on processes is tried more than once. Each such process costs a sandbox about half a megabyte, which it does not give back at once:
    /// one with little memory would end before its limit is reached by all the ways.
    /// </summary>
    public static bool TriesTasksOften(Expectation expectation) => !expectation.OnSentry || expectation.Memory == 0 || expectation.PidsLimit * MemoryOfTask <= expectation.Memory;

    /// <summary>Whether the probe runs into the memory limit. Not in gVisor, where the whole sandbox would end.</summary>
    public static bool TriesMemory(Expectation expectation) => expectation is { OnSentry: false, Memory: > 0 and <= LargestMemory } && expectation.Controllers.Contains("memory");

    /// <summary>How many bytes the probe tries to write to a tmpfs; 0 for none.</summary>
    public static long FillOf(Expectation expectation, TmpfsExpectation mount) =>
        mount.SizeInBytes(expectation.MemoryOfHost) is { } size and <= LargestFill && (expectation.Memory == 0 || size < expectation.Memory / 2) ? size + (1 << 20) : 0;
}
