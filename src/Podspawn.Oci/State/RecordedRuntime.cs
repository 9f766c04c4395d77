using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>A container's runtime, as its record says: there before the runtime is called for the first time, for whoever has to clear it away.</summary>
internal static class RecordedRuntime
{
    /// <summary>What is written down of a runtime.</summary>
    internal static RuntimeProgram Of(RuntimeDriver driver) => new(driver.Program, driver.Version.Name, driver.Version.Version, driver.OwnFlags);

    /// <summary>How to call it again.</summary>
    /// <exception cref="RuntimeException">The runtime has no driver.</exception>
    internal static RuntimeDriver DriverOf(ContainerDefinition definition)
    {
        RuntimeProgram runtime = definition.Runtime;
        return RuntimeDriver.For(runtime.Program, new RuntimeVersion(runtime.Name, runtime.Version)).With(runtime.Flags);
    }

    /// <summary>The driver; null where nothing is written down, so that no runtime was called yet.</summary>
    /// <exception cref="RuntimeException">The runtime has no driver.</exception>
    internal static RuntimeDriver? Read(ContainerPaths paths) => RecordJson.ReadDefinition(paths.Definition) is { } definition ? DriverOf(definition) : null;
}
