using Podspawn.Oci.Matrix.Running;

namespace Podspawn.Oci.Cli.Callbacks;

/// <summary>The command line of this program that launches one cell of a matrix.</summary>
internal static class CellArguments
{
    // The cell's own time limit ends it; this only prevents the probe from giving up earlier.
    private const string NoLimit = "3600";

    /// <summary>The arguments after the program's name.</summary>
    internal static IReadOnlyList<string> Of(CellLaunch cell)
    {
        List<string> words = [cell.Probe.Command is null ? "verify" : "run", "--config", cell.ConfigPath, "--runtime", cell.Runtime.Program];
        foreach (string argument in cell.Runtime.Arguments)
            words.Add($"--runtime-flag={argument}");
        if (cell.Bundle.BundlePath is { } path)
            words.AddRange(["--bundle", path]);
        else
            words.AddRange(["--rootfs", cell.Bundle.RootfsPath ?? cell.EmptyRoot]);
        if (cell.Probe.Command is { } command)
            words.AddRange(["--", .. command.Arguments]);
        else
            words.AddRange(["--only", cell.Probe.Name, "--time-limit", NoLimit, "--format", "json"]);
        return words;
    }
}
