using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Docker's words for a container's state.</summary>
public static class StatusWords
{
    /// <summary>The word for a state.</summary>
    public static string Of(ContainerStatus status) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Starting => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Removing => "removing",
        ContainerStatus.Stopping => "stopping",
        _ => "exited",
    };

    /// <summary>The word for a container, as a user sees it.</summary>
    public static string Of(Container container) => Of(container.ShownStatus);

    /// <summary>Every word that <see cref="Of(ContainerStatus)"/> returns.</summary>
    public static IReadOnlyList<string> All { get; } = ["created", "running", "paused", "restarting", "removing", "stopping", "exited"];
}
