namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>
/// The head of one line of a log in the Kubernetes format: <c>2016-10-06T00:17:09.669794202+00:00 stdout F text</c> (kubelet's "CRI: Container
/// stdout/stderr logging"). The text is arbitrary bytes.
/// </summary>
/// <param name="Stream">0 for stdout, 1 for stderr.</param>
/// <param name="IsPartial">Whether the container's line continues in a later record of the same stream.</param>
/// <param name="TimeLength">The length of the time, in bytes.</param>
/// <param name="TextStart">The offset of the text.</param>
internal readonly record struct LogRecord(int Stream, bool IsPartial, int TimeLength, int TextStart)
{
    /// <summary>The limit for the length of a head, in bytes; ours has 44.</summary>
    internal const int LongestHead = 64;

    internal const int Streams = 2;

    /// <summary>Parses the head. False where the line is not a record, as after a crash of the host.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> line, out LogRecord record)
    {
        const int ShortestTime = 20;
        record = default;
        ReadOnlySpan<byte> head = line.Length > LongestHead ? line[..LongestHead] : line;
        int time = head.IndexOf((byte)' ');
        if (time < ShortestTime)
            return false;
        ReadOnlySpan<byte> rest = head[(time + 1)..];
        int stream = rest.StartsWith("stdout "u8) ? 0 : rest.StartsWith("stderr "u8) ? 1 : -1;
        if (stream < 0)
            return false;
        const int StreamLength = 7;
        int tag = rest[StreamLength..].IndexOf((byte)' ');
        if (tag < 1)
            return false;
        record = new LogRecord(stream, rest[StreamLength] == 'P', time, time + 1 + StreamLength + tag + 1);
        return true;
    }
}
