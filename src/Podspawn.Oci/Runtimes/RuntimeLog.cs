using System.Text.Json;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Runtimes;

/// <summary>Reads the errors out of a runtime's JSON log.</summary>
internal static class RuntimeLog
{
    private const int LargestLog = 1 << 20;

    // The wordings of runc, crun and runsc. A path that happens to contain "exec" must not turn a failed mount into a missing command.
    private static readonly string[] AboutTheCommand =
        ["exec: \"", "exec /", "exec container process", "executable file", "open executable", "creating process", "error finding executable", "in sandbox: failed to load ",
         "the path `"];

    /// <summary>The messages of level error or fatal, oldest first.</summary>
    internal static IReadOnlyList<string> Errors(string path)
    {
        var errors = new List<string>();
        if (!File.Exists(path) || new FileInfo(path).Length is 0 or > LargestLog)
            return errors;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith('{'))
                AddErrorsOf(line, errors);
        }
        return errors;
    }

    // A line may hold several entries: runsc and its sandbox write to one log, without a line end between them.
    private static void AddErrorsOf(string line, List<string> errors)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(line), new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                using JsonDocument entry = JsonDocument.ParseValue(ref reader);
                if (entry.RootElement.ValueKind == JsonValueKind.Object
                    && entry.RootElement.TryGetProperty("level", out JsonElement level) && level.ToString() is "error" or "fatal"
                    && entry.RootElement.TryGetProperty("msg", out JsonElement message))
                {
                    errors.Add(message.ToString());
                }
            }
        }
        catch (JsonException)
        {
            // An entry that a dying runtime cut short says nothing.
        }
    }

    /// <summary>The exit status that stands for a runtime's message: 126 and 127 for the command's own faults, else 125.</summary>
    internal static int ExitStatusOf(string message)
    {
        if (!AboutTheCommand.Any(words => Mentions(message, words)))
            return ExitCodes.LaunchFailed;
        if (Mentions(message, "not found in $PATH") || Mentions(message, "no such file or directory"))
            return ExitCodes.NotFound;
        return Mentions(message, "permission denied") || Mentions(message, "exec format error") || Mentions(message, "operation not permitted")
            || Mentions(message, "is a directory") || Mentions(message, "not a directory")
            // crun from 1.21 on.
            || Mentions(message, "exists but it is not executable") || Mentions(message, "is not a regular file")
            ? ExitCodes.NotExecutable
            : ExitCodes.LaunchFailed;
    }

    private static bool Mentions(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
