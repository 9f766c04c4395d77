namespace Podspawn.Oci.Terminals;

/// <summary>Looks for the detach keys in what is typed. What may be their beginning is held back until it is known to be something else.</summary>
internal sealed class DetachWatch(DetachKeys keys)
{
    private int held;

    /// <summary>How many bytes more than were typed may have to go on.</summary>
    internal int LargestHeld => keys.Sequence.Length - 1;

    /// <summary>Passes on what was typed, without the keys.</summary>
    /// <returns>Whether the keys were typed to the last; what came after them is dropped.</returns>
    internal bool Pass(ReadOnlySpan<byte> typed, RelayBuffer on)
    {
        foreach (byte key in typed)
        {
            // The longest end of what was typed that is a beginning of the keys stays held: in "aab" there is "ab".
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
