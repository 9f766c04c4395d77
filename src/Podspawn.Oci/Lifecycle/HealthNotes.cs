using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Tells a launch whose container has a healthcheck that nobody will ask for it. Of a check that only the image has, it is told to whom asks for all notes.</summary>
internal static class HealthNotes
{
    /// <summary>For a container that stays: systemd asks, where it runs.</summary>
    internal static IEnumerable<Note> OfKept(HealthCheck? check, HealthOptions said) => Of(check, said, otherwise: null);

    /// <summary>For a container in the foreground, for which no timer is started.</summary>
    internal static IEnumerable<Note> OfForeground(HealthCheck? check, HealthOptions said) => Of(
        check, said,
        otherwise: $"nothing checks a container in the foreground by itself: call {Operation.HealthcheckRun}, or launch it with {Setting.Detach}, where systemd does");

    private static Note[] Of(HealthCheck? check, HealthOptions said, string? otherwise)
    {
        if (check is not { Interval.Ticks: > 0 })
            return [];
        string? text = HealthTimer.WhyNot() is { } why ? $"{why}, and nothing checks by itself: call {Operation.HealthcheckRun}" : otherwise;
        return text is null ? [] : [new Note("healthcheck", NoteSeverity.Differently, text) { IsNature = said == new HealthOptions() }];
    }
}
