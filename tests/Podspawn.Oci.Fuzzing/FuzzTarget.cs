namespace Podspawn.Oci.Fuzzing;

/// <summary>A reader of foreign input, called as the product calls it.</summary>
/// <param name="Name">Its name on the command line; its saved inputs are in <c>corpora/NAME</c>.</param>
/// <param name="Declared">The exceptions by which the reader refuses an input; every other one is a find.</param>
/// <param name="Read">Reads an input, and throws a <see cref="BrokenPromiseException"/> where the result is not what the reader promises.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<Type> Declared, Action<byte[]> Read)
{
    /// <summary>Reads an input once. A refusal by a declared exception counts as success.</summary>
    internal void Run(byte[] input)
    {
        try
        {
            Read(input);
        }
        catch (Exception e) when (Declared.Any(type => type.IsInstanceOfType(e)))
        {
            // An empty message would not help the user.
            Promise.Hold(e.Message.Length > 0, "a refusal says why");
        }
    }
}
