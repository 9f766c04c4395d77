using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Seccomp;

/// <summary>A seccomp profile cannot be honoured as written.</summary>
/// <param name="message"><c>file:line:column: what is wrong; hint</c>.</param>
public sealed class SeccompProfileException(string message) : PodspawnException(message);
