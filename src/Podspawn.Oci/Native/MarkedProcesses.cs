using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Processes that have a mark of ours in their environment: the process that started them may be gone. The mark is only a hint, which any process can
/// write; we act only on processes of our own user in all their ids, in our own user and pid namespaces: never on another user's or a container's.
/// </summary>
internal static class MarkedProcesses
{
    // execve(2) takes no more than 6 MiB of arguments and environment.
    private const int LargestEnvironment = 6 << 20;

    private const int PatienceMilliseconds = 5000;

    /// <summary>Ends every process of ours, other than this one, whose environment has <paramref name="name"/> with that value, and waits for their ends.</summary>
    internal static void End(string name, string value)
    {
        string wanted = $"{name}={value}";
        End(pid => IsOurs(pid, wanted));
    }

    /// <summary>Ends every process, other than this one, that is one of those, and waits for their ends.</summary>
    internal static void End(Func<int, bool> isOne)
    {
        var ended = new List<SafeFileHandle>();
        foreach (int pid in Others())
        {
            if (!isOne(pid) || ProcessCalls.OpenPidfd(pid) is not { } process)
                continue;
            // Checked again now that the process is open: its number may have become another's.
            if (isOne(pid) && ProcessCalls.SendSignal(process, SignalNumber.SIGKILL))
                ended.Add(process);
            else
                process.Dispose();
        }
        // One limit for all of them together: a process that hangs in the kernel does not end sooner for being waited for.
        DateTime end = DateTime.UtcNow.AddMilliseconds(PatienceMilliseconds);
        foreach (SafeFileHandle process in ended)
        {
            using (process)
                ProcessCalls.AwaitEnd(process, Math.Max(0, (int)(end - DateTime.UtcNow).TotalMilliseconds));
        }
    }

    /// <summary>Every process of ours, other than this one, whose environment has <paramref name="name"/>, with its value.</summary>
    internal static IEnumerable<(int Pid, string Value)> All(string name)
    {
        string prefix = $"{name}=";
        foreach (int pid in Others())
        {
            if (Environment(pid).FirstOrDefault(word => word.StartsWith(prefix, StringComparison.Ordinal)) is { } found && IsOwn(pid))
                yield return (pid, found[prefix.Length..]);
        }
    }

    /// <summary>Every process that /proc shows, other than this one.</summary>
    internal static IEnumerable<int> Others()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != System.Environment.ProcessId)
                yield return pid;
        }
    }

    private static string[] Environment(int pid) =>
        SmallFile.Read($"/proc/{pid}/environ", LargestEnvironment) is { Length: > 0 } environment ? environment.Split('\0') : [];

    private static bool IsOurs(int pid, string wanted) => Environment(pid).Contains(wanted) && IsOwn(pid);

    // A set-user-id program has the environment and the real user id of its caller: so all four ids have to be ours.
    private static bool IsOwn(int pid)
    {
        string own = ProcessCalls.EffectiveUser().ToString(CultureInfo.InvariantCulture);
        string? ids = SmallFile.Read($"/proc/{pid}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return ids?.Split('\t') is [_, .. { Length: 4 } four] && four.All(id => id == own) && InOurNamespace(pid, "pid") && InOurNamespace(pid, "user");
    }

    /// <summary>Whether a process is in our namespace of a kind.</summary>
    internal static bool InOurNamespace(int pid, string kind) =>
        FileStatus.Of($"/proc/{pid}/ns/{kind}", out FileStatus theirs) && FileStatus.Of($"/proc/self/ns/{kind}", out FileStatus ours)
        && theirs.Identity == ours.Identity;
}
