using Podspawn.Oci.Containers.Records;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>
/// A process that its runtime has left, and that is to become the command: the runtime returns a moment before execve(2), and whether that succeeds is
/// then nobody's to report.
/// </summary>
internal static class PreparingProcess
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Waits until it is the command.</summary>
    /// <param name="process">The process.</param>
    /// <param name="preparing">The name that it has until then (proc(5), comm).</param>
    /// <returns>False where it has ended before anybody saw it be the command.</returns>
    internal static bool AwaitCommand(ProcessIdentity process, string preparing)
    {
        for (DateTime end = DateTime.UtcNow + Patience; process.IsAlive(); Thread.Sleep(Poll))
        {
            // A command may have that very name: after a while it is taken to be one.
            if (SmallFile.Read($"/proc/{process.Pid}/comm") is { } name && (name != $"{preparing}\n" || DateTime.UtcNow > end))
                return true;
        }
        return false;
    }
}
