using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>Finds where the last lines of a log begin, reading it backwards from its end.</summary>
internal static class LogTail
{
    // The parts of a line may be interleaved with lines of the other stream; a line with more than this between two parts is printed from its middle.
    private const long LongestSearch = 1 << 20;

    /// <summary>Finds the offsets at which the records of stdout and of stderr begin that make up the last <paramref name="lines"/> lines.</summary>
    internal static (long Stdout, long Stderr) Find(SafeFileHandle file, long lines)
    {
        var records = new BackwardRecords(file);
        long[] from = [records.End, records.End];
        bool[] isSeen = new bool[LogRecord.Streams], isOpen = new bool[LogRecord.Streams];
        long count = 0, nearest = records.End;
        while (count < lines || isOpen[0] || isOpen[1])
        {
            if (!records.Previous(out long start, out LogRecord record) || (count == lines && nearest - start > LongestSearch))
                break;
            int stream = record.Stream;
            // The last record of a line: one that is marked so, or the last of its stream so far.
            bool isLast = !record.IsPartial || !isSeen[stream];
            isSeen[stream] = true;
            if (isLast)
                isOpen[stream] = count < lines;
            if (!isOpen[stream])
                continue;
            from[stream] = nearest = start;
            if (isLast)
                count++;
        }
        return (from[0], from[1]);
    }

    /// <summary>The records of a log from the last to the first.</summary>
    private sealed class BackwardRecords
    {
        private const int BlockSize = 64 * 1024;

        private readonly SafeFileHandle file;
        private readonly byte[] block = new byte[BlockSize];
        private readonly byte[] head = new byte[LogRecord.LongestHead];
        private long blockStart;
        private int blockLength;
        private long end;

        internal BackwardRecords(SafeFileHandle file)
        {
            this.file = file;
            // A record that is being written at this moment has no line end yet.
            End = end = LastLineEndBefore(RandomAccess.GetLength(file)) + 1;
        }

        /// <summary>The offset at which the last whole record ends.</summary>
        internal long End { get; }

        internal bool Previous(out long start, out LogRecord record)
        {
            (start, record) = (0, default);
            if (end == 0)
                return false;
            start = LastLineEndBefore(end - 1) + 1;
            int length = (int)Math.Min(end - start, LogRecord.LongestHead);
            bool isLoaded = start >= blockStart && start + length <= blockStart + blockLength;
            ReadOnlySpan<byte> line = isLoaded ? block.AsSpan((int)(start - blockStart), length) : head.AsSpan(0, RandomAccess.Read(file, head.AsSpan(0, length), start));
            LogRecord.TryRead(line, out record);
            end = start;
            return true;
        }

        private long LastLineEndBefore(long limit)
        {
            while (limit > 0)
            {
                if (limit <= blockStart || limit > blockStart + blockLength)
                {
                    blockStart = Math.Max(0, limit - BlockSize);
                    blockLength = RandomAccess.Read(file, block.AsSpan(0, (int)(limit - blockStart)), blockStart);
                    if (blockLength == 0)
                        return -1;
                    limit = Math.Min(limit, blockStart + blockLength);
                }
                int at = block.AsSpan(0, (int)(limit - blockStart)).LastIndexOf((byte)'\n');
                if (at >= 0)
                    return blockStart + at;
                limit = blockStart;
            }
            return -1;
        }
    }
}
