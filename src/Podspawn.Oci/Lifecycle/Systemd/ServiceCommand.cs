namespace Podspawn.Oci.Lifecycle.Systemd;

/// <summary>The commands in a unit of systemd that run its container, given by the program that writes the unit.</summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Run">The arguments that run the container in the foreground, created again at each start.</param>
/// <param name="Remove">The arguments that remove the container of that name in any state, and do nothing where there is none.</param>
/// <param name="MadeBy">The command line that writes such a unit, for its readers.</param>
public sealed record ServiceCommand(string Program, IReadOnlyList<string> Run, IReadOnlyList<string> Remove, string MadeBy);
