using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.State.Events;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>An event as <c>events --format json</c> prints it: one object with podman's names and docker's.</summary>
internal sealed record ListedEvent(
    string ID,
    string Image,
    string Name,
    string Status,
    string Time,
    string Type,
    IReadOnlyDictionary<string, string> Attributes,
    string Action,
    ListedActor Actor,
    long TimeNano,
    string Scope,
    ListedEventPart Podspawn);

/// <summary>What an event has happened to, as docker has it.</summary>
internal sealed record ListedActor(string ID, IReadOnlyDictionary<string, string> Attributes);

/// <summary>What podman has no field for: the labels apart from the event's own attributes.</summary>
internal sealed record ListedEventPart(int Version, IReadOnlyDictionary<string, string> Labels);

/// <summary>Makes objects of events.</summary>
internal static class ListedEvents
{
    private const long NanosecondsOfTick = 100;

    /// <summary>What an event is called in messages.</summary>
    internal const string Group = "an event";

    private static readonly string[] Shown = ["ContainerExitCode", "From", "Details"];

    /// <summary>The names of an event's fields.</summary>
    internal static IReadOnlyCollection<string> Fields() => [.. Shown, .. JsonValues.NamesOf(InspectJson.Default.ListedEvent)];

    /// <summary>The event as JSON has it.</summary>
    internal static ListedEvent Of(ContainerEvent happened)
    {
        // A label cannot take the place of what the event itself tells.
        var attributes = new Dictionary<string, string>(happened.Labels);
        foreach ((string name, string value) in happened.Attributes)
            attributes[name] = value;
        var actor = new Dictionary<string, string>(attributes) { ["image"] = happened.Image ?? "", ["name"] = happened.Name };
        return new ListedEvent(happened.Id, happened.Image ?? "", happened.Name, happened.Action, GoTime.Json(happened.Time), happened.Type, attributes, happened.Action,
            new ListedActor(happened.Id, actor), (happened.Time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsOfTick, "local",
            new ListedEventPart(ContainerInspection.Version, happened.Labels));
    }

    /// <summary>The event as a template sees it.</summary>
    internal static GoStruct Row(ContainerEvent happened) => JsonValues.Of(Of(happened), InspectJson.Default.ListedEvent, Group, new Dictionary<string, GoValue>
    {
        ["ContainerExitCode"] = new GoText(happened.Attributes.GetValueOrDefault("exitCode", ""), Foreign: true),
        ["From"] = new GoText(happened.Image ?? "", Foreign: true),
        ["Details"] = new GoText("", Foreign: true),
    });
}
