using System.Text.Json;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Docker's and podman's <c>--health-...</c>, as typed, over what the image says.</summary>
public sealed record HealthOptions
{
    private const string None = "none", Disable = "disable";
    private static readonly string[] Shell = ["/bin/sh", "-c"];

    /// <summary>The least of docker: more often a check would be a burden of its own.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1), Most = TimeSpan.FromDays(365);

    /// <summary><c>--health-cmd</c>: a command for a shell, a JSON list of words, or <c>none</c>.</summary>
    public string? Command { get; init; }

    /// <summary><c>--health-interval</c>: a span of time, or <c>disable</c>.</summary>
    public string? Interval { get; init; }

    /// <summary><c>--health-timeout</c>.</summary>
    public string? Timeout { get; init; }

    /// <summary><c>--health-start-period</c>.</summary>
    public string? StartPeriod { get; init; }

    /// <summary><c>--health-retries</c>.</summary>
    public long? Retries { get; init; }

    /// <summary><c>--no-healthcheck</c>.</summary>
    public bool Off { get; init; }

    /// <summary>The check; null for none.</summary>
    /// <exception cref="ContainerException">A text is not what it should be, or there is no command for it.</exception>
    internal HealthCheck? Read(ImageProcess? image)
    {
        if (Off && (Command ?? Interval ?? Timeout ?? StartPeriod) is not null)
            throw new ContainerException($"{Setting.NoHealthcheck} excludes the other flags of a check; leave one of them away");
        HealthCheck? ofImage = image?.HealthCheck is { } asked ? OfImage(asked) : null;
        IReadOnlyList<string>? command = Command is { Length: > 0 } text ? Words(text) : ofImage?.Command;
        if (Off || Command == None)
            return null;
        if (command is null)
        {
            return (Interval ?? Timeout ?? StartPeriod) is null && Retries is null ? null
                : throw new ContainerException($"{Setting.HealthCmd}: there is no command, neither here nor in the image; give one, or leave the other flags of a check away");
        }
        HealthCheck usual = ofImage ?? new HealthCheck { Command = command };
        return new HealthCheck
        {
            Command = command,
            Interval = Interval == Disable ? TimeSpan.Zero : Span(Interval, Setting.HealthInterval, mayBeZero: true) ?? usual.Interval,
            Timeout = Span(Timeout, Setting.HealthTimeout, mayBeZero: false) ?? usual.Timeout,
            StartPeriod = Span(StartPeriod, Setting.HealthStartPeriod, mayBeZero: true) ?? usual.StartPeriod,
            Retries = Retries switch
            {
                null => usual.Retries,
                > 0 and <= int.MaxValue => (int)Retries,
                _ => throw new ContainerException($"{Setting.HealthRetries}: {Retries} is no number of tries; write 1 or more"),
            },
        };
    }

    // What an image says is not worth a refusal: what makes no sense is docker's default.
    private static HealthCheck? OfImage(ImageHealthCheck image)
    {
        IReadOnlyList<string> command = image.Test switch
        {
            ["CMD", _, ..] => [.. image.Test.Skip(1)],
            ["CMD-SHELL", var line] => [.. Shell, line],
            _ => [],
        };
        return command.Count == 0 ? null : new HealthCheck
        {
            Command = command,
            Interval = Sane(image.Interval) ?? HealthCheck.UsualInterval,
            Timeout = Sane(image.Timeout) ?? HealthCheck.UsualTimeout,
            StartPeriod = Sane(image.StartPeriod) ?? TimeSpan.Zero,
            Retries = image.Retries is > 0 and <= int.MaxValue and var retries ? (int)retries : HealthCheck.UsualRetries,
        };
    }

    private static TimeSpan? Sane(long nanoseconds) =>
        nanoseconds / 100 is > 0 and var ticks && TimeSpan.FromTicks(ticks) is var span && span >= Least && span <= Most ? span : null;

    private static string[] Words(string text)
    {
        if (!text.StartsWith('['))
            return [.. Shell, text];
        try
        {
            using JsonDocument list = JsonDocument.Parse(text);
            string[] words = [.. list.RootElement.EnumerateArray().Select(word => word.GetString() ?? "")];
            // podman takes docker's form of an image as well.
            return words switch
            {
                ["CMD", .. { Length: > 0 } rest] => rest,
                ["CMD-SHELL", var line] => [.. Shell, line],
                { Length: > 0 } when words[0].Length > 0 => words,
                _ => throw new JsonException(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ContainerException($"{Setting.HealthCmd}: {Printable.Quote(text)} is no list of words; write a line for the shell, or [\"COMMAND\", \"ARGUMENT\"]");
        }
    }

    private static TimeSpan? Span(string? text, Setting setting, bool mayBeZero)
    {
        if (text is null)
            return null;
        return GoDuration.TryParse(text) is { } span && (span >= Least || (mayBeZero && span == TimeSpan.Zero)) && span <= Most
            ? span
            : throw new ContainerException($"{setting}: {Printable.Quote(text)} is no span of time that a check can have; write one such as 30s or 2m");
    }
}
