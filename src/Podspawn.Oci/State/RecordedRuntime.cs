using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>A container's runtime, as recorded: the record exists before the runtime is first called, so that the container can be cleaned up later.</summary>
internal static class RecordedRuntime
{
    /// <summary>The record of a runtime.</summary>
    internal static RuntimeProgram Of(RuntimeDriver driver) => new(driver.Program, driver.Version.Name, driver.Version.Version, driver.OwnFlags);

    /// <summary>How to call it again.</summary>
    /// <exception cref="RuntimeException">The runtime has no driver.</exception>
    internal static RuntimeDriver DriverOf(ContainerDefinition definition)
    {
        RuntimeProgram runtime = definition.Runtime;
        return RuntimeDriver.For(runtime.Program, new RuntimeVersion(runtime.Name, runtime.Version)).With(runtime.Flags);
    }

    /// <summary>The driver; null where there is no record, so that no runtime has been called yet.</summary>
    /// <exception cref="RuntimeException">The runtime has no driver.</exception>
    internal static RuntimeDriver? Read(ContainerPaths paths) => RecordJson.ReadDefinition(paths.Definition) is { } definition ? DriverOf(definition) : null;
}
