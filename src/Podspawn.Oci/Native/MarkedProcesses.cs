using System.Globalization;

namespace Podspawn.Oci.Native;

/// <summary>Processes that bear a mark of ours in their environment: whoever started them may be gone.</summary>
internal static class MarkedProcesses
{
    private const int SIGKILL = 9;

    // execve(2) takes no more than 6 MiB of arguments and environment.
    private const int LargestEnvironment = 6 << 20;

    /// <summary>Ends every process, other than this one, whose environment has <paramref name="name"/> with that value.</summary>
    internal static void Kill(string name, string value)
    {
        string wanted = $"{name}={value}";
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && SmallFile.Read($"{directory}/environ", LargestEnvironment) is { Length: > 0 } environment
                && environment.Split('\0').Contains(wanted))
            {
                _ = Tmds.Linux.LibC.kill(pid, SIGKILL);
            }
        }
    }
}
