using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Processes that bear a mark of ours in their environment: whoever started them may be gone.</summary>
internal static class MarkedProcesses
{
    private const int SIGKILL = 9;

    // execve(2) takes no more than 6 MiB of arguments and environment.
    private const int LargestEnvironment = 6 << 20;

    private const int PatienceMilliseconds = 5000;

    /// <summary>Ends every process, other than this one, whose environment has <paramref name="name"/> with that value, and waits for their ends.</summary>
    internal static void End(string name, string value)
    {
        string wanted = $"{name}={value}";
        var ended = new List<SafeFileHandle>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && IsMarked(pid, wanted)
                && ProcessCalls.OpenPidfd(pid) is { } process)
            {
                // Looked at again now that it is held: its number may have become another's.
                if (IsMarked(pid, wanted))
                    ProcessCalls.SendSignal(process, SIGKILL);
                ended.Add(process);
            }
        }
        foreach (SafeFileHandle process in ended)
        {
            using (process)
                ProcessCalls.AwaitEnd(process, PatienceMilliseconds);
        }
    }

    /// <summary>Every process, other than this one, whose environment has <paramref name="name"/>, with its value.</summary>
    internal static IEnumerable<(int Pid, string Value)> All(string name)
    {
        string prefix = $"{name}=";
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != Environment.ProcessId
                && SmallFile.Read($"/proc/{pid}/environ", LargestEnvironment)?.Split('\0').FirstOrDefault(word => word.StartsWith(prefix, StringComparison.Ordinal)) is { } found)
            {
                yield return (pid, found[prefix.Length..]);
            }
        }
    }

    private static bool IsMarked(int pid, string wanted) =>
        SmallFile.Read($"/proc/{pid}/environ", LargestEnvironment) is { Length: > 0 } environment && environment.Split('\0').Contains(wanted);
}
