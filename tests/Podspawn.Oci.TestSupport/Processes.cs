namespace Podspawn.Oci.TestSupport;

/// <summary>The host's processes.</summary>
internal static class Processes
{
    /// <summary>Processes with a text in their environment: those that a test's own commands have left.</summary>
    internal static IEnumerable<string> WithInEnvironment(string text) => Directory.GetDirectories("/proc").Where(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _) && File.ReadAllText($"{process}/environ").Contains(text, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return false;
        }
    });
}
