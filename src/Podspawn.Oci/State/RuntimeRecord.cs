using System.Globalization;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State;

/// <summary>Remembers which runtime a container was given to, and by which process, for whoever has to find it or clear it away.</summary>
internal static class RuntimeRecord
{
    internal static void Write(ContainerPaths paths, RuntimeDriver driver) =>
        File.WriteAllText(paths.RuntimeRecord, $"{driver.Program}\n{driver.Version.Name}\n{driver.Version.Version}\n{Environment.ProcessId}\n{string.Concat(driver.OwnFlags.Select(flag => $"{flag}\n"))}");

    /// <summary>The driver; null where no runtime was called yet.</summary>
    internal static RuntimeDriver? Read(ContainerPaths paths) =>
        File.Exists(paths.RuntimeRecord) && File.ReadAllText(paths.RuntimeRecord).Split('\n') is [{ Length: > 0 } program, string name, string version, _, .. var flags, ""]
            ? RuntimeDriver.For(program, new RuntimeVersion(name, version)).With(flags)
            : null;

    /// <summary>The process that called it; null where none did yet.</summary>
    internal static int? ReadLauncher(ContainerPaths paths) =>
        SmallFile.Read(paths.RuntimeRecord)?.Split('\n') is [_, _, _, string pid, ..] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int launcher) ? launcher : null;
}
