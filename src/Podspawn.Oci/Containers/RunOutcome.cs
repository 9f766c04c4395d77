using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>How a run ended.</summary>
/// <param name="Status">An exit status, or 128 + n for signal n.</param>
/// <param name="CommandEnded">Whether it is surely the command's; otherwise it is what the runtime ended with.</param>
internal readonly record struct RunOutcome(int Status, bool CommandEnded)
{
    /// <summary>Waits for the container's process, which its runtime has left to us, the subreaper.</summary>
    internal static RunOutcome OfContainer(ContainerPaths paths) =>
        int.TryParse(SmallFile.Read(paths.PidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new RunOutcome(ProcessCalls.WaitExit(pid).ShellStatus, CommandEnded: true)
            : throw new ContainerException("the runtime did not tell which process the container is; see what it says above");
}
