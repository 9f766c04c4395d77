namespace Podspawn.Oci.Fuzzing;

/// <summary>Checks what a reader promises in addition to not crashing.</summary>
internal static class Promise
{
    /// <exception cref="BrokenPromiseException">The promise does not hold.</exception>
    internal static void Hold(bool holds, string promise)
    {
        if (!holds)
            throw new BrokenPromiseException(promise);
    }
}

/// <summary>A reader has read an input, and its result is not what it promises.</summary>
/// <param name="promise">What should be true.</param>
internal sealed class BrokenPromiseException(string promise) : Exception($"does not hold: {promise}");
