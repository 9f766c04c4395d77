using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>A container as <c>ps --format json</c> prints it, in podman's names; what is ours alone is in <see cref="Podspawn"/>.</summary>
internal sealed record ListedContainer
{
    public required string Id { get; init; }
    public required IReadOnlyList<string> Names { get; init; }
    public required string Image { get; init; }
    public required string ImageID { get; init; }
    public required IReadOnlyList<string> Command { get; init; }
    public required string Created { get; init; }
    public required string StartedAt { get; init; }
    public required string ExitedAt { get; init; }
    public required bool Exited { get; init; }
    public required int ExitCode { get; init; }
    public required int Pid { get; init; }
    public required string State { get; init; }
    public required string Status { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyList<string> Mounts { get; init; }
    public required IReadOnlyList<string> Networks { get; init; }
    public required IReadOnlyList<ListedPort> Ports { get; init; }
    public required bool AutoRemove { get; init; }
    public required int Restarts { get; init; }
    public required ListedPart Podspawn { get; init; }
}

/// <summary>What podman has no field for.</summary>
internal sealed record ListedPart(int Version, string Runtime, bool Foreground);

/// <summary>A port of the host that leads to one of a container, by podman's names.</summary>
internal sealed record ListedPort(
    [property: JsonPropertyName("host_ip")] string HostIp,
    [property: JsonPropertyName("container_port")] int ContainerPort,
    [property: JsonPropertyName("host_port")] int HostPort,
    [property: JsonPropertyName("range")] int Range,
    [property: JsonPropertyName("protocol")] string Protocol);

/// <summary>Makes rows of containers.</summary>
internal static class ListedContainers
{
    /// <summary>What the row of a container is called in messages.</summary>
    internal const string Group = "a container in ps";

    // What has another form in a template than in JSON, or is only there.
    private static readonly string[] Shown =
    [
        "ID", "Names", "Command", "CreatedAt", "CreatedHuman", "RunningFor", "Labels", "Label", "Mounts", "Networks", "Ports", "Size", "Runtime", "Pod", "PodName",
    ];

    /// <summary>The names of a row's fields.</summary>
    internal static IReadOnlyCollection<string> Fields() => [.. Shown, .. JsonValues.NamesOf(InspectJson.Default.ListedContainer)];

    /// <summary>The container as JSON has it.</summary>
    internal static ListedContainer Of(Container container) => new()
    {
        Id = container.Id,
        Names = [container.Name],
        Image = container.Definition.Origin,
        ImageID = ContainerInspection.ImageOf(container.Definition)?.Config ?? container.Definition.ImageDigest ?? "",
        Command = container.Definition.Command,
        Created = GoTime.Json(container.Definition.Created),
        StartedAt = GoTime.Json(container.State.Started),
        ExitedAt = GoTime.Json(container.State.Finished),
        Exited = container.State.Status == State.Records.ContainerStatus.Exited,
        ExitCode = container.State.ExitStatus ?? 0,
        Pid = container.HasProcess ? container.State.Process?.Pid ?? 0 : 0,
        State = StatusWords.Of(container),
        Status = ContainerReports.Status(container),
        Labels = container.Definition.Lifecycle.Labels,
        Mounts = MountsOf(container),
        Networks = NetworkInspection.NamesOf(container.Definition),
        Ports = NetworkInspection.PortsOf(container),
        AutoRemove = container.Definition.Lifecycle.Remove || container.Definition.Foreground,
        Restarts = container.State.Restarts,
        Podspawn = new ListedPart(ContainerInspection.Version, container.Definition.Runtime.Name, container.Definition.Foreground),
    };

    /// <summary>The container as a template sees it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="whole">Whether ids and commands are shown in full.</param>
    /// <param name="sizes">Whether what it has written is measured.</param>
    internal static GoStruct Row(Container container, bool whole, bool sizes)
    {
        ListedContainer listed = Of(container);
        string command = string.Join(' ', listed.Command);
        var labels = new GoMap(new SortedDictionary<string, GoValue>(
            listed.Labels.ToDictionary(label => label.Key, label => (GoValue)new GoText(label.Value, Foreign: true)), StringComparer.Ordinal), new GoText(""));
        GoText ago = Text(Age.Since(container.Definition.Created));
        return JsonValues.Of(listed, InspectJson.Default.ListedContainer, Group, new Dictionary<string, GoValue>
        {
            ["ID"] = Text(whole ? container.Id : container.ShortId),
            ["Names"] = Text(container.Name),
            ["Command"] = Text(ContainerReports.Command(command, whole)),
            ["CreatedAt"] = Text(GoTime.Column(container.Definition.Created)),
            ["CreatedHuman"] = ago,
            ["RunningFor"] = ago,
            ["Labels"] = labels,
            ["Label"] = new GoMethod(args => args is [GoText name] ? labels.Entries.GetValueOrDefault(name.Value, labels.Missing)
                : throw new TemplateFunctionException("Label takes the name of one label; write .Label \"name\"")),
            ["Mounts"] = Text(string.Join(',', listed.Mounts)),
            ["Networks"] = Text(string.Join(',', listed.Networks)),
            ["Ports"] = Text(NetworkInspection.Column(listed.Ports)),
            ["Size"] = Text(sizes ? ByteSize.Format(ContainerSizes.OfLayer(container)) : ""),
            ["Runtime"] = Text(listed.Podspawn.Runtime),
            ["Pod"] = Text(""),
            ["PodName"] = Text(""),
        });
    }

    private static IReadOnlyList<string> MountsOf(Container container)
    {
        try
        {
            using System.Text.Json.JsonDocument spec = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(container.Paths.Config));
            return [.. InspectedMounts.Of(new SpecFacts(spec.RootElement), container.Definition.Mounts).Select(mount => mount.Destination)];
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException)
        {
            // It is removed at this moment.
            return [];
        }
    }

    private static GoText Text(string text) => new(text, Foreign: true);
}
