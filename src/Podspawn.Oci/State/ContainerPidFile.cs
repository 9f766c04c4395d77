using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>Which process of the host is a container's first, as its runtime wrote it down.</summary>
internal static class ContainerPidFile
{
    // The pid file is the runtime's to write, and nothing tells us when.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    /// <summary>Its process id; null where the runtime did not write one yet.</summary>
    internal static int? Read(string pidFile) =>
        int.TryParse(SmallFile.Read(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;

    /// <summary>Its process id, once it is there: runc writes it when the command may have been running for a while. Null once there is no hope.</summary>
    internal static int? Await(string pidFile, Func<bool> hope)
    {
        while (true)
        {
            // In this order: what is written at the very end is still seen.
            bool more = hope();
            if (Read(pidFile) is { } pid)
                return pid;
            if (!more)
                return null;
            Thread.Sleep(Poll);
        }
    }
}
