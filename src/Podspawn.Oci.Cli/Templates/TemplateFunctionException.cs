namespace Podspawn.Oci.Cli.Templates;

/// <summary>A function cannot work with what it is given. The evaluator says where.</summary>
internal sealed class TemplateFunctionException(string message) : Exception(message);
