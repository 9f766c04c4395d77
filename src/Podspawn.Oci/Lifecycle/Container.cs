using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>A container as it was when it was read.</summary>
/// <param name="Paths">Its paths.</param>
/// <param name="Definition">What the container was created from.</param>
/// <param name="State">The state of its life cycle.</param>
public sealed record Container(ContainerPaths Paths, ContainerDefinition Definition, ContainerState State)
{
    private const int ShortLength = 12;

    /// <summary>Its id.</summary>
    public string Id => Definition.Id;

    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>The id's first 12 characters, as docker shows it.</summary>
    public string ShortId => Short(Id);

    /// <summary>Whether the container has processes.</summary>
    public bool HasProcess => State.Status is ContainerStatus.Running or ContainerStatus.Paused;

    /// <summary>
    /// The status as a user sees it: between two runs a container that its policy starts again is restarting, from the end of the one to the command of the
    /// other; and one that a user starts is what it was before until its command runs.
    /// </summary>
    public ContainerStatus ShownStatus => State.Status switch
    {
        ContainerStatus.Starting when State.Restarts > 0 => ContainerStatus.Restarting,
        ContainerStatus.Starting when State.Finished is not null => ContainerStatus.Exited,
        ContainerStatus.Running when State.Stopper?.IsAlive() == true => ContainerStatus.Stopping,
        ContainerStatus.Exited when RestartIsDue => ContainerStatus.Restarting,
        _ => State.Status,
    };

    /// <summary>Whether a process was about to start it again when it was read: its monitor was alive, which may be gone a moment later, with the container started.</summary>
    internal bool RestartIsDue { get; } = RestartRule.IsDue(Definition, State);

    /// <summary>Its health; null where nobody asks for it.</summary>
    public ContainerHealth? Health => Definition.Health is null ? null : RecordJson.ReadHealth(Paths.Health) ?? ContainerHealth.Unknown;

    /// <summary>Whether docker counts the container as running.</summary>
    public bool IsUp => HasProcess || State.Status == ContainerStatus.Starting || ShownStatus == ContainerStatus.Restarting || Definition.Foreground;

    /// <summary>Where its root is mounted in the mount namespace of its monitor or launcher; the directory itself where the container writes to that.</summary>
    internal string RootPath => Definition.RootfsWritable ? Definition.RootDirectory : Paths.Root;

    /// <summary>The file of what it says; null where nobody writes one.</summary>
    public string? LogFile => Definition.Foreground || !Definition.Lifecycle.Log.IsFile ? null : Definition.Lifecycle.Log.Path ?? Paths.Log;

    /// <summary>The driver of its runtime.</summary>
    internal RuntimeDriver Driver => RecordedRuntime.DriverOf(Definition);

    /// <summary>The options that every call of its runtime needs.</summary>
    internal RuntimeCall Call => RuntimeCleanup.CallFor(Paths);

    /// <summary>The same for the calls that create and start the container.</summary>
    internal RuntimeCall LaunchCall => Driver.Traits.Kernel == SystemCallHandler.Sentry
        ? Call with { Grants = ContainerProcess.Read(File.ReadAllBytes(Paths.Config)).Grants }
        : Call;

    /// <summary>The container's first process, as the host sees it.</summary>
    /// <exception cref="ContainerException">The container has no process.</exception>
    internal ProcessIdentity RequireProcess() => HasProcess && State.Process is { } process
        ? process
        : throw LifecycleErrors.NotRunning(Name);

    /// <summary>The container's first process, as the host sees it, where it is not frozen.</summary>
    /// <exception cref="ContainerException">The container has no process, or is frozen.</exception>
    internal ProcessIdentity RequireGoing() => State.Status == ContainerStatus.Paused
        ? throw LifecycleErrors.Of($"container '{Name}' is paused; let it go on first: {Operation.Unpause} {Name}")
        : RequireProcess();

    internal static string Short(string id) => id.Length == ContainerId.KeptLength ? id[..ShortLength] : id;
}
