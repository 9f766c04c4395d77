using System.Runtime.CompilerServices;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>
/// Loads a podspawn config: everything that podspawn itself reads, with the same result, except that hardening keys which podspawn would silently
/// ignore are refused.
/// </summary>
public static class ConfigLoader
{
    /// <summary>The path of podspawn's config.</summary>
    public const string DefaultPath = "/etc/podspawn/config.yaml";

    /// <summary>Loads a file that the user named, and that must therefore exist.</summary>
    /// <exception cref="ConfigException">The file cannot be read; the exception contains every problem found.</exception>
    public static PodspawnConfig LoadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(TextOf(path), path);
    }

    /// <summary>Reads a file that the user named as far as possible, so that the rest of it can be judged as well.</summary>
    public static ConfigReading ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Read(TextOf(path), path);
        }
        catch (ConfigException e)
        {
            return new ConfigReading(PodspawnConfig.BuiltIn, e.Problems);
        }
    }

    /// <summary>Loads <see cref="DefaultPath"/>, or returns the built-in defaults when there is no such file.</summary>
    /// <exception cref="ConfigException">The file exists but cannot be read or honoured; the exception contains every problem found.</exception>
    public static PodspawnConfig LoadDefault() => LoadIfPresent(DefaultPath);

    /// <summary>Loads a config's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="fileName">The file's path for messages, and for the relative paths in it.</param>
    /// <exception cref="ConfigException">The text cannot be read; the exception contains every problem found, in the order of the text. The
    /// translator judges the values.</exception>
    public static PodspawnConfig Parse(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ConfigReading reading = ConfigSchema.Read(text, fileName);
        return reading.Problems.Count == 0 ? reading.Config : throw new ConfigException(reading.Problems);
    }

    /// <summary>Parses a config's text as far as possible.</summary>
    internal static ConfigReading Read(string text, string fileName)
    {
        try
        {
            return ConfigSchema.Read(text, fileName);
        }
        catch (ConfigException e)
        {
            return new ConfigReading(PodspawnConfig.BuiltIn, e.Problems);
        }
    }

    internal static PodspawnConfig LoadIfPresent(string path) =>
        ConfigFile.ReadIfPresent(path) is { } text ? ParseApart(text, path) : PodspawnConfig.BuiltIn;

    private static string TextOf(string path) => ConfigFile.ReadIfPresent(path) ?? throw new ConfigException(
        [new Problem("", "no such file", "name a config file, or none for the defaults", new Origin(path))]);

    // Kept out of line so that a launch without a file never loads the YAML library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PodspawnConfig ParseApart(string text, string path) => Parse(text, path);
}
