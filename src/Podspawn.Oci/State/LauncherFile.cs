using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>Records which process runs a container in the foreground, for processes that need its mounts.</summary>
internal static class LauncherFile
{
    /// <summary>Records this process. Readers rely on the container's root and its records.</summary>
    internal static void Write(ContainerPaths paths) => File.WriteAllText(paths.Launcher, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>The process; null where its container's root is not mounted yet.</summary>
    internal static int? Read(ContainerPaths paths) =>
        int.TryParse(SmallFile.Read(paths.Launcher), NumberStyles.None, CultureInfo.InvariantCulture, out int launcher) ? launcher : null;
}
