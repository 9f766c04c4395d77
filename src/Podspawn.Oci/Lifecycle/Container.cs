using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Lifecycle.Executing;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>A container as it was when somebody looked.</summary>
/// <param name="Paths">Its paths.</param>
/// <param name="Definition">What it was made to be.</param>
/// <param name="State">How far its life has gone.</param>
public sealed record Container(ContainerPaths Paths, ContainerDefinition Definition, ContainerState State)
{
    private const int ShortLength = 12;

    /// <summary>Its id.</summary>
    public string Id => Definition.Id;

    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>The id's first 12 characters, as docker shows it.</summary>
    public string ShortId => Short(Id);

    /// <summary>Whether it has processes.</summary>
    public bool HasProcess => State.Status is ContainerStatus.Running or ContainerStatus.Paused;

    /// <summary>Whether docker counts it among those that run.</summary>
    public bool IsUp => HasProcess || State.Status is ContainerStatus.Starting or ContainerStatus.Restarting || Definition.Foreground;

    /// <summary>Where its root is mounted in its monitor's or launcher's mount namespace, or lies, where it writes to the directory itself.</summary>
    internal string RootPath => Definition.RootfsWritable ? Definition.RootDirectory : Paths.Root;

    /// <summary>How its runtime is called.</summary>
    internal RuntimeDriver Driver => RecordedRuntime.DriverOf(Definition);

    /// <summary>What every call of the runtime about it needs.</summary>
    internal RuntimeCall Call => RuntimeCleanup.CallFor(Paths);

    /// <summary>The same for the calls that make it and let it begin.</summary>
    internal RuntimeCall LaunchCall => Driver.Traits.Kernel == SystemCallHandler.Sentry
        ? Call with { Grants = ContainerProcess.Read(File.ReadAllBytes(Paths.Config)).Grants }
        : Call;

    /// <summary>The first process on the host.</summary>
    /// <exception cref="ContainerException">It has none.</exception>
    internal ProcessIdentity RequireProcess() => HasProcess && State.Process is { } process
        ? process
        : throw LifecycleErrors.NotRunning(Name);

    /// <summary>The first process on the host, which does something.</summary>
    /// <exception cref="ContainerException">There is none, or it is frozen.</exception>
    internal ProcessIdentity RequireGoing() => State.Status == ContainerStatus.Paused
        ? throw LifecycleErrors.Of($"container '{Name}' is paused; let it go on first: {Operation.Unpause} {Name}")
        : RequireProcess();

    internal static string Short(string id) => id.Length == ContainerId.KeptLength ? id[..ShortLength] : id;
}
