using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Processes that bear a mark of ours in their environment: whoever started them may be gone. The mark is a hint, which everybody can write; what is
/// acted on is a process of our own user in all its ids, in our own user and pid namespaces: no other user's, and no container's.
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
        var ended = new List<SafeFileHandle>();
        foreach (int pid in Others())
        {
            if (!IsOurs(pid, wanted) || ProcessCalls.OpenPidfd(pid) is not { } process)
                continue;
            // Looked at again now that it is held: its number may have become another's.
            if (IsOurs(pid, wanted) && ProcessCalls.SendSignal(process, SignalNumber.SIGKILL))
                ended.Add(process);
            else
                process.Dispose();
        }
        // For all of them together: what hangs in the kernel does not go sooner for being waited for.
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

    private static IEnumerable<int> Others()
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

    // A set-user-id program keeps the environment and the real user id of whoever called it: so all four ids have to be ours.
    private static bool IsOwn(int pid)
    {
        string own = ProcessCalls.EffectiveUser().ToString(CultureInfo.InvariantCulture);
        string? ids = SmallFile.Read($"/proc/{pid}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return ids?.Split('\t') is [_, .. { Length: 4 } four] && four.All(id => id == own) && InOurNamespace(pid, "pid") && InOurNamespace(pid, "user");
    }

    private static bool InOurNamespace(int pid, string kind) =>
        FileStatus.Of($"/proc/{pid}/ns/{kind}", out FileStatus theirs) && FileStatus.Of($"/proc/self/ns/{kind}", out FileStatus ours)
        && (theirs.Inode, theirs.DeviceMajor, theirs.DeviceMinor) == (ours.Inode, ours.DeviceMajor, ours.DeviceMinor);
}
