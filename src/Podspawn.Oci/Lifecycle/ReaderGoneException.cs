namespace Podspawn.Oci.Lifecycle;

/// <summary>The reader of our output has gone, as <c>head</c> does: not a failure.</summary>
internal sealed class ReaderGoneException : Exception;
