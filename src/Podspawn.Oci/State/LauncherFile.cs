using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>Remembers which process has a container in the foreground, for whoever wants to reach what it has mounted.</summary>
internal static class LauncherFile
{
    /// <summary>Writes down this process. Whoever reads it relies on the container's root and its records.</summary>
    internal static void Write(ContainerPaths paths) => File.WriteAllText(paths.Launcher, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>The process; null where its container's root is not mounted yet.</summary>
    internal static int? Read(ContainerPaths paths) =>
        int.TryParse(SmallFile.Read(paths.Launcher), NumberStyles.None, CultureInfo.InvariantCulture, out int launcher) ? launcher : null;
}
