namespace Podspawn.Oci.Matrix.Running;

/// <summary>What the process of a cell is to launch.</summary>
/// <param name="Runtime">The runtime.</param>
/// <param name="ConfigPath">A file with the config.</param>
/// <param name="Bundle">The root filesystem.</param>
/// <param name="EmptyRoot">An empty directory, for a bundle that names nothing.</param>
/// <param name="Probe">What to do in the container.</param>
public sealed record CellLaunch(MatrixRuntime Runtime, string ConfigPath, MatrixBundle Bundle, string EmptyRoot, MatrixProbe Probe);

/// <summary>
/// The command that launches a cell: a cell is a process, so that it can be ended without a trace. With a probe of its own it is to run that
/// command and end with its exit status; else to print a verification of the probe's finding, as JSON, without a time limit of its own.
/// </summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record CellCommand(string Program, IReadOnlyList<string> Arguments);
