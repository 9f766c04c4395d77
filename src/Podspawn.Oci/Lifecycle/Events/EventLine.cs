using System.Text.Json;

namespace Podspawn.Oci.Lifecycle.Events;

/// <summary>One event as one line of JSON.</summary>
internal static class EventLine
{
    /// <summary>What one write(2) brings to the end of a file in one piece, whoever else writes.</summary>
    internal const int Longest = 4096;

    // Every line begins so, and no value can hold it: quotation marks in values are escaped.
    private static ReadOnlySpan<byte> Beginning => "{\"time\":\""u8;

    /// <summary>The line, with its end. What would make it too long is left out: labels first, then the rest.</summary>
    internal static byte[] Write(ContainerEvent happened)
    {
        byte[] line = Serialize(happened);
        if (line.Length > Longest)
            line = Serialize(happened = happened with { Labels = new Dictionary<string, string>() });
        if (line.Length > Longest)
            line = Serialize(happened = happened with { Attributes = new Dictionary<string, string>() });
        return line.Length <= Longest ? line : Serialize(happened with { Image = null });
    }

    /// <summary>Reads a line; null where it is none. A disk that was full may have cut the one before it short: what follows that is still read.</summary>
    internal static ContainerEvent? Read(ReadOnlySpan<byte> line)
    {
        int start = line.LastIndexOf(Beginning);
        if (start < 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize(line[start..], EventContext.Default.ContainerEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Serialize(ContainerEvent happened) => [.. JsonSerializer.SerializeToUtf8Bytes(happened, EventContext.Default.ContainerEvent), (byte)'\n'];
}
