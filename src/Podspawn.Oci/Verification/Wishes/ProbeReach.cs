namespace Podspawn.Oci.Verification.Wishes;

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

    // Half a megabyte, and more on newer releases.
    private const long MemoryOfTask = 1 << 20;

    // Half a megabyte for each of eight attacks.
    private const long MemoryOfTaskInEachAttack = 4 << 20;

    /// <summary>How many bytes the probe tries to take: beyond the limit.</summary>
    public static long MemoryOf(Wish wish) => wish.Memory + (32 << 20);

    /// <summary>How many tasks the probe tries to reach: beyond the limit where that is near.</summary>
    public static long TasksOf(Wish wish) => wish.PidsLimit == 0 ? TasksWithoutLimit : Math.Min(wish.PidsLimit + 8, MostTasks);

    /// <summary>Whether the limit on processes is tried at all: a sandbox has to hold so many of them in its memory.</summary>
    public static bool TriesTasks(Wish wish) => HasMemoryFor(wish, MemoryOfTask);

    /// <summary>
    /// Whether the limit on processes is tried more than once. Each such process costs a sandbox about half a megabyte, which it does not give back at once:
    /// one with little memory would end before its limit is reached by all the ways.
    /// </summary>
    public static bool TriesTasksOften(Wish wish) => HasMemoryFor(wish, MemoryOfTaskInEachAttack);

    /// <summary>Whether the probe runs into the memory limit. Not in gVisor, where the whole sandbox would end.</summary>
    public static bool TriesMemory(Wish wish) => wish is { OnSentry: false, Memory: > 0 and <= LargestMemory } && wish.Controllers.Contains("memory");

    /// <summary>How many bytes the probe tries to write to a tmpfs; 0 for none.</summary>
    public static long FillOf(Wish wish, TmpfsWish mount) =>
        mount.SizeInBytes(wish.MemoryOfHost) is { } size and <= LargestFill && (wish.Memory == 0 || size < wish.Memory / 2) ? size + (1 << 20) : 0;

    // Under gVisor the container's memory is that of the whole sandbox.
    private static bool HasMemoryFor(Wish wish, long task) => !wish.OnSentry || wish.Memory == 0 || wish.PidsLimit * task <= wish.Memory;
}
