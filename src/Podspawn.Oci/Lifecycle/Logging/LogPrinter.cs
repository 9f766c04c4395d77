using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>Prints the records of a log: the container's bytes as it wrote them, its long lines joined again.</summary>
internal sealed class LogPrinter(LogQuery query, LogOutput output)
{
    private readonly StreamState[] states = new StreamState[LogRecord.Streams];
    private int unended = -1;

    /// <summary>Whether a line has come that begins after <see cref="LogQuery.Until"/>: all later lines do so as well.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>Sets the offsets at which the records of each stream begin; earlier records are left out.</summary>
    internal void Start(long stdout, long stderr)
    {
        states[0].From = stdout;
        states[1].From = stderr;
    }

    /// <summary>Prints a record.</summary>
    /// <param name="record">The bytes; with the line end where the record is whole.</param>
    /// <param name="offset">Their offset in the file.</param>
    /// <param name="isWhole">Whether the record ends here; else the next bytes belong to it.</param>
    /// <returns>Whether to continue.</returns>
    internal bool Print(ReadOnlySpan<byte> record, long offset, bool isWhole)
    {
        if (unended >= 0)
        {
            Add(unended, record, isWhole, states[unended].IsPartial);
            return true;
        }
        // A line that is not a record of the format is shown as it is, rather than lost.
        if (!LogRecord.TryRead(record, out LogRecord head))
            head = default;
        ref StreamState state = ref states[head.Stream];
        if (offset < state.From)
            state = state with { IsInLine = false, IsWanted = false };
        else if (!state.IsInLine)
            Begin(head.Stream, record[..head.TimeLength]);
        if (!IsDone)
            Add(head.Stream, record[head.TextStart..], isWhole, head.IsPartial);
        return !IsDone;
    }

    /// <summary>Announces that the next record comes from another file.</summary>
    internal void NextFile()
    {
        unended = -1;
        Start(0, 0);
    }

    private void Add(int stream, ReadOnlySpan<byte> text, bool isWhole, bool isPartial)
    {
        ref StreamState state = ref states[stream];
        if (state.IsWanted)
            output.Add(stream, isWhole && isPartial ? text[..^1] : text);
        state.IsInLine &= !isWhole || isPartial;
        state.IsPartial = isPartial;
        unended = isWhole ? -1 : stream;
    }

    private void Begin(int stream, ReadOnlySpan<byte> time)
    {
        states[stream] = states[stream] with { IsInLine = true, IsWanted = true };
        if ((query.Since is not null || query.Until is not null) && Instant.TryReadRfc3339(time, out Instant instant))
        {
            states[stream].IsWanted = query.Since is not { } since || instant >= since;
            IsDone = query.Until is { } until && instant > until;
        }
        if (!states[stream].IsWanted || IsDone)
            return;
        output.Add(stream, query.Prefix.Span);
        if (!query.Timestamps || time.Length == 0)
            return;
        output.Add(stream, time);
        output.Add(stream, " "u8);
    }

    private struct StreamState
    {
        public long From;
        public bool IsInLine;
        public bool IsWanted;
        public bool IsPartial;
    }
}
