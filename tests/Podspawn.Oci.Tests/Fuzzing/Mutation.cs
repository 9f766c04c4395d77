namespace Podspawn.Oci.Tests.Fuzzing;

/// <summary>Changes inputs like a fuzzer without feedback. The same seed makes the same changes.</summary>
internal sealed class Mutation(int seed)
{
    private const int MostChanges = 6;
    private const int LongestPiece = 64;

    // Ends of ranges, and characters with a meaning in YAML, JSON, archives and names.
    private static readonly byte[] Telling = [0, 1, 0x7f, 0x80, 0xff, .. "\n\t \"'\\{}[]:,/.-0789ax"u8];

    private readonly Random random = new(seed);

    /// <summary>A changed copy; it may contain parts of <paramref name="other"/>.</summary>
    internal byte[] Of(byte[] input, byte[] other)
    {
        List<byte> bytes = [.. input];
        for (int i = random.Next(1, MostChanges); i > 0; i--)
            Change(bytes, other);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1), room = bytes.Count - at;
        switch (random.Next(6))
        {
            case 0 when room > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when room > 0:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 2:
                bytes.Insert(at, Telling[random.Next(Telling.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(room, random.Next(LongestPiece)));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(room, random.Next(LongestPiece))));
                break;
            default:
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, random.Next(LongestPiece))).ToArray());
                break;
        }
    }
}
