using System.Diagnostics;

namespace Podspawn.Oci.TestSupport;

/// <summary>The tries of a test that races against a thread of its own: as many as are asked for, and more on a busy machine, until enough of them have got through.</summary>
internal static class RaceTries
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    internal static IEnumerable<int> Of(int least, Func<bool> enough)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < least || (!enough() && Stopwatch.GetElapsedTime(start) < Limit); i++)
            yield return i;
    }
}
