using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Images.Documents;

/// <summary>How an image asks to be run: its configuration, checked and normalized.</summary>
public sealed record ImageProcess
{
    /// <summary>The command's fixed part; may be empty.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>The command, or the entry point's default arguments; may be empty.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>NAME=value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Absolute and normalized.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>USER[:GROUP]; null for root.</summary>
    public string? User { get; init; }

    /// <summary>Absolute and normalized paths, none of them <c>/</c>.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>The ports that it says it serves, each <c>PORT[/PROTOCOL]</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>The stop signal; null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>How it asks to be checked for its health; null for not at all.</summary>
    public ImageHealthCheck? HealthCheck { get; init; }

    /// <summary>Checks a configuration from an untrusted source.</summary>
    /// <exception cref="ImageException">The image cannot be run as configured.</exception>
    internal static ImageProcess Of(ImageExecution? config) => config is null ? new ImageProcess() : new ImageProcess
    {
        Entrypoint = Texts(config.Entrypoint, "Entrypoint"),
        Command = Texts(config.Cmd, "Cmd"),
        // Docker's builder cannot create a variable without a name or a value; one from another builder has no meaning that could be passed on.
        Environment = [.. Texts(config.Env, "Env").Where(variable => variable.IndexOf('=') > 0)],
        WorkingDirectory = Normalized(config.WorkingDir ?? "", "WorkingDir"),
        User = config.User is { Length: > 0 } user ? Text(user, "User") : null,
        Volumes = [.. (config.Volumes?.Keys ?? []).Select(Volume).Distinct()],
        ExposedPorts = [.. (config.ExposedPorts?.Keys ?? []).Select(port => Text(port, "ExposedPorts"))],
        StopSignal = config.StopSignal is { Length: > 0 } signal ? Text(signal, "StopSignal") : null,
        HealthCheck = config.Healthcheck is { Test.Count: > 0 } check
            ? new ImageHealthCheck(Texts(check.Test, "Healthcheck.Test"), check.Interval, check.Timeout, check.StartPeriod, check.Retries)
            : null,
    };

    private static string Volume(string path)
    {
        string normalized = Normalized(path, "Volumes");
        return normalized != "/" ? normalized : throw Bad("Volumes", $"has '{Printable.Clean(path, 80)}', which is the root directory");
    }

    // Relative paths and ".." are resolved below "/".
    private static string Normalized(string path, string key) => Path.GetFullPath("/" + Text(path, key).TrimStart('/')) is { Length: > 1 } full ? full.TrimEnd('/') : "/";

    private static IReadOnlyList<string> Texts(IReadOnlyList<string?>? values, string key) =>
        [.. (values ?? []).Select((value, i) => Text(value ?? throw Bad(key, $"has null at [{i}]"), key))];

    private static string Text(string value, string key)
    {
        if (value.Contains('\0'))
            throw Bad(key, $"has a NUL in '{Printable.Clean(value, 80)}'");
        return ExecLimits.IsTooLong(value)
            ? throw Bad(key, $"has a text longer than the {ExecLimits.LongestText} bytes that the kernel takes: '{Printable.Clean(value, 20)}'") : value;
    }

    private static ImageException Bad(string key, string what) => new($"the image's configuration: config.{key} {what}; build the image anew, or take another");
}

/// <summary>An image's check for health, in docker's words and numbers, which nobody has judged; times are in nanoseconds, 0 for the default.</summary>
/// <param name="Test"><c>CMD</c> and words, <c>CMD-SHELL</c> and a line, or <c>NONE</c>.</param>
/// <param name="Interval">Between two checks.</param>
/// <param name="Timeout">Of a check.</param>
/// <param name="StartPeriod">After a start.</param>
/// <param name="Retries">Failures in a row.</param>
public sealed record ImageHealthCheck(IReadOnlyList<string> Test, long Interval, long Timeout, long StartPeriod, long Retries);
