using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Terminals;

/// <summary>A terminal is not available or cannot be passed on.</summary>
public sealed class TerminalException(string message) : PodspawnException(message);
