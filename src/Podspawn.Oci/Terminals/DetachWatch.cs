namespace Podspawn.Oci.Terminals;

/// <summary>Searches typed bytes for the detach keys. A possible beginning of them is held back until it is known to be something else.</summary>
internal sealed class DetachWatch(DetachKeys keys)
{
    private int held;

    /// <summary>How many held bytes may be passed on in addition to those just typed.</summary>
    internal int LargestHeld => keys.Sequence.Length - 1;

    /// <summary>Passes typed bytes on, without the keys.</summary>
    /// <returns>Whether the keys were typed completely; bytes after them are dropped.</returns>
    internal bool Pass(ReadOnlySpan<byte> typed, RelayBuffer on)
    {
        foreach (byte key in typed)
        {
            // The longest suffix of the typed bytes that is a prefix of the keys stays held: "aab" contains "ab".
            while (held > 0 && key != keys.Sequence[held])
                Release(held - Overlap(held), on);
            if (key != keys.Sequence[held])
                on.Add(key);
            else if (++held == keys.Sequence.Length)
                return true;
        }
        return false;
    }

    private void Release(int count, RelayBuffer on)
    {
        foreach (byte key in keys.Sequence[..count])
            on.Add(key);
        held -= count;
    }

    private int Overlap(int length)
    {
        ReadOnlySpan<byte> typed = keys.Sequence[..length];
        for (int overlap = length - 1; overlap > 0; overlap--)
        {
            if (typed[^overlap..].SequenceEqual(typed[..overlap]))
                return overlap;
        }
        return 0;
    }
}
