using System.Globalization;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Describes containers in docker's words.</summary>
internal static class ContainerReports
{
    private const int LongestCommand = 20;

    /// <summary>The text of docker's STATUS column.</summary>
    internal static string Status(Container container)
    {
        ContainerState state = container.State;
        return container.ShownStatus switch
        {
            ContainerStatus.Running => Up(state) + HealthOf(container) + (state.Monitor?.IsAlive() == true ? "" : " (no monitor)"),
            ContainerStatus.Stopping => "Stopping",
            ContainerStatus.Paused => $"{Up(state)} (Paused)",
            ContainerStatus.Restarting => Ended("Restarting", state) + OutOfMemory(state),
            ContainerStatus.Exited => Ended("Exited", state) + OutOfMemory(state),
            ContainerStatus.Removing => "Removal In Progress",
            _ => "Created",
        };
    }

    /// <summary>A command as the lists show it: cut, as in podman, unless all of it is wanted.</summary>
    internal static string Command(string command, bool whole) =>
        whole || command.Length <= LongestCommand ? command : $"{command[..(LongestCommand - 3)]}...";

    private static string HealthOf(Container container) => container.Health is { } health ? $" ({HealthWords.Of(health.Status)})" : "";

    private static string OutOfMemory(ContainerState state) => state.OutOfMemory ? " (out of memory)" : "";

    private static string Up(ContainerState state) => state.Started is { } started ? $"Up {Age.Span(started)}" : "Up";

    private static string Ended(string word, ContainerState state) => string.Create(
        CultureInfo.InvariantCulture, $"{word} ({state.ExitStatus ?? 0}){(state.Finished is { } finished ? $" {Age.Since(finished)}" : "")}");
}
