using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Configuration;

/// <summary>Reads a config's text.</summary>
internal static class ConfigFile
{
    /// <summary>The size limit of a config, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The text, or null when there is no such file.</summary>
    /// <exception cref="ConfigException">The file exists, but cannot be read, or is not a text of at most 1 MiB.</exception>
    public static string? ReadIfPresent(string path)
    {
        try
        {
            return Decode(path, RegularFile.Read(path, MaxBytes).Span);
        }
        catch (UnfitFileException e) when (e.IsMissing)
        {
            // A link that leads nowhere is a config that was meant to be read.
            return new FileInfo(path).LinkTarget is null ? null : throw Refuse(path, "is a symbolic link to a file that does not exist", "mend the link or remove it");
        }
        catch (UnfitFileException e)
        {
            throw Refuse(path, e.Message, e.Number != 0 ? "" : "name a config file: a few lines of YAML");
        }
    }

    private static string Decode(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            throw Refuse(path, "is UTF-16", "save it as UTF-8");
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);

        int line = 1;
        int column = 1;
        while (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
        {
            bytes = bytes[consumed..];
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        throw new ConfigException([new Problem("", "is not valid UTF-8", "save the file as UTF-8", new Origin(path, line, column))]);
    }

    private static ConfigException Refuse(string path, string what, string hint) =>
        new([new Problem("", what, hint, new Origin(path.Length == 0 ? "\"\"" : path))]);
}
