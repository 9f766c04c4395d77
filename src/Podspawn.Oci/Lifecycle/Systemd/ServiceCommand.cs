namespace Podspawn.Oci.Lifecycle.Systemd;

/// <summary>What a unit of systemd calls to run its container, as the program that writes the unit says it.</summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Run">The arguments that run the container in the foreground, anew at each start.</param>
/// <param name="Remove">The arguments that remove one of that name, whatever its state, and do nothing where there is none.</param>
/// <param name="MadeBy">The command line that writes such a unit, for whoever reads it.</param>
public sealed record ServiceCommand(string Program, IReadOnlyList<string> Run, IReadOnlyList<string> Remove, string MadeBy);
