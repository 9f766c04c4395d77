using System.Runtime.CompilerServices;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>
/// Loads a podspawn config: whatever podspawn itself reads, with the same result, save that what podspawn ignores in silence is
/// refused where it was meant to harden.
/// </summary>
public static class ConfigLoader
{
    /// <summary>Where podspawn keeps its config.</summary>
    public const string DefaultPath = "/etc/podspawn/config.yaml";

    /// <summary>Loads a file that the user named, and that must therefore exist.</summary>
    /// <exception cref="ConfigException">The file cannot be read; it carries every problem found.</exception>
    public static PodspawnConfig LoadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(TextOf(path), path);
    }

    /// <summary>Reads a file that the user named as far as it can be read, so that the rest of it can be judged as well.</summary>
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

    /// <summary>Loads <see cref="DefaultPath"/>, or gives the built-in defaults when there is no such file.</summary>
    /// <exception cref="ConfigException">The file is there but cannot be read or honoured; it carries every problem found.</exception>
    public static PodspawnConfig LoadDefault() => LoadIfPresent(DefaultPath);

    /// <summary>Loads a config's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="fileName">The file's path for messages, and for the relative paths in it.</param>
    /// <exception cref="ConfigException">
    /// The text cannot be read; it carries every problem found, in the order of the text. Whether the values will do is for the translator to say.
    /// </exception>
    public static PodspawnConfig Parse(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ConfigReading reading = ConfigSchema.Read(text, fileName);
        return reading.Problems.Count == 0 ? reading.Config : throw new ConfigException(reading.Problems);
    }

    /// <summary>Reads a config's text as far as it can be read.</summary>
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

    // Kept out of line so that a launch without a file never so much as loads the YAML library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PodspawnConfig ParseApart(string text, string path) => Parse(text, path);
}
