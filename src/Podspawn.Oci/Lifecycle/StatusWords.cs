using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Docker's words for where a container is in its life.</summary>
public static class StatusWords
{
    /// <summary>The word.</summary>
    public static string Of(ContainerStatus status) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Starting => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Removing => "removing",
        _ => "exited",
    };

    /// <summary>Every word that <see cref="Of"/> answers.</summary>
    public static IReadOnlyList<string> All { get; } = ["created", "running", "paused", "restarting", "removing", "exited"];
}
