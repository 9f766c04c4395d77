namespace Podspawn.Oci.Lifecycle;

/// <summary>Whoever read our output has gone, as <c>head</c> does: no failure.</summary>
internal sealed class ReaderGoneException : Exception;
