using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>Reads the pid file of a container: the host's process id of its first process, as its runtime wrote it.</summary>
internal static class ContainerPidFile
{
    // The runtime writes the pid file, and sends no event when it does.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    /// <summary>The process id; null where the runtime has not written it yet.</summary>
    internal static int? Read(string pidFile) =>
        int.TryParse(SmallFile.Read(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;

    /// <summary>Waits for the process id: runc writes it when the command may already have been running for a while. Null once <paramref name="hope"/> returns false.</summary>
    internal static int? Await(string pidFile, Func<bool> hope)
    {
        while (true)
        {
            // The order matters: a file that is written at the very end is still seen.
            bool more = hope();
            if (Read(pidFile) is { } pid)
                return pid;
            if (!more)
                return null;
            Thread.Sleep(Poll);
        }
    }
}
