using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Images.Building;

/// <summary>How a new image wants to be run: what docker import's <c>--change</c> says. Lists keep the order in which they were given.</summary>
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

    /// <summary>Directories whose data is kept outside of the image.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Labels, each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The signal that asks it to end, as it was written; null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>
    /// Reads instructions as a Dockerfile has them (https://docs.docker.com/reference/dockerfile/): the later ones see the environment of the
    /// earlier ones, and replace what they set.
    /// </summary>
    /// <param name="instructions">Such as <c>CMD ["sh"]</c>; one may hold several, each on a line of its own.</param>
    /// <exception cref="ImageException">One of them is wrong; the message names it.</exception>
    public static ImageChanges Parse(IReadOnlyList<string> instructions)
    {
        var changes = new ImageChanges();
        foreach (string line in instructions.SelectMany(ChangeText.Lines))
            changes = ChangeInstruction.Apply(changes, line);
        return changes;
    }

    /// <summary>What umoci-config(1) is asked. Each value stands in one word with its flag: it may begin with a dash.</summary>
    /// <exception cref="ImageException">umoci cannot keep it.</exception>
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

    // Of several words umoci 0.4.7 forgets the empty ones.
    private static IEnumerable<string> List(string instruction, string name, IReadOnlyList<string> words) => words.Count > 1 && words.Contains("")
        ? throw new ImageException($"{Setting.Change}: {instruction}: an empty word among others would be lost; write the command as a shell's command line")
        : words.Select(word => $"--config.{name}={word}");

    private static IEnumerable<string> Flag(string name, string? value) => value is null ? [] : [$"--config.{name}={value}"];
}
