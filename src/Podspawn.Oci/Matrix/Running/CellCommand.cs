namespace Podspawn.Oci.Matrix.Running;

/// <summary>What the process of a cell launches.</summary>
/// <param name="Runtime">The runtime.</param>
/// <param name="ConfigPath">A file with the config.</param>
/// <param name="Bundle">The root filesystem.</param>
/// <param name="EmptyRoot">An empty directory, for a bundle without a path.</param>
/// <param name="Probe">The probe to run in the container.</param>
public sealed record CellLaunch(MatrixRuntime Runtime, string ConfigPath, MatrixBundle Bundle, string EmptyRoot, MatrixProbe Probe);

/// <summary>
/// The command that launches a cell: a cell is a process, so that it can be ended without a trace. For a command probe it runs that command and ends
/// with its exit status; else it prints a verification of the probe's finding, as JSON, without its own time limit.
/// </summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record CellCommand(string Program, IReadOnlyList<string> Arguments);
