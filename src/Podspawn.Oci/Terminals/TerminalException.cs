using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Terminals;

/// <summary>A terminal that cannot be had or handed over.</summary>
public sealed class TerminalException(string message) : PodspawnException(message);
