using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Images.Building;

/// <summary>How a new image asks to be run: the values of docker import's <c>--change</c>. Lists have the order in which they were given.</summary>
public sealed record ImageChanges
{
    /// <summary>The command's fixed part; empty for none.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>The command, or the entry point's default arguments; empty for none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Environment variables, each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>USER[:GROUP]; null for root.</summary>
    public string? User { get; init; }

    /// <summary>Absolute and normalized; null for the root directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>PORT/PROTOCOL.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Directories whose data lies outside of the image.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Labels, each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The stop signal, as written; null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>
    /// Parses instructions of a Dockerfile (https://docs.docker.com/reference/dockerfile/): later ones see the environment of the earlier ones, and
    /// replace what they set.
    /// </summary>
    /// <param name="instructions">Such as <c>CMD ["sh"]</c>; one text may contain several, one a line.</param>
    /// <exception cref="ImageException">An instruction is wrong; the message names it.</exception>
    public static ImageChanges Parse(IReadOnlyList<string> instructions)
    {
        var changes = new ImageChanges();
        foreach (string line in instructions.SelectMany(ChangeText.Lines))
            changes = ChangeInstruction.Apply(changes, line);
        return changes;
    }

    /// <summary>The arguments for umoci-config(1). Each value is in one word with its flag, since it may begin with a dash.</summary>
    /// <exception cref="ImageException">umoci cannot represent a value.</exception>
    internal IReadOnlyList<string> ToUmociArguments() =>
    [
        .. List("ENTRYPOINT", "entrypoint", Entrypoint),
        .. List("CMD", "cmd", Command),
        .. Environment.Select(variable => $"--config.env={variable.Key}={variable.Value}"),
        .. Flag("user", User),
        .. Flag("workingdir", WorkingDirectory),
        .. ExposedPorts.Select(port => $"--config.exposedports={port}"),
        .. Volumes.Select(path => $"--config.volume={path}"),
        .. Labels.Select(label => $"--config.label={label.Key}={label.Value}"),
        .. Flag("stopsignal", StopSignal),
    ];

    // Of several words umoci 0.4.7 drops the empty ones.
    private static IEnumerable<string> List(string instruction, string name, IReadOnlyList<string> words) => words.Count > 1 && words.Contains("")
        ? throw new ImageException($"{Setting.Change}: {instruction}: an empty word among others would be lost; write the command as a shell's command line")
        : words.Select(word => $"--config.{name}={word}");

    private static IEnumerable<string> Flag(string name, string? value) => value is null ? [] : [$"--config.{name}={value}"];
}
