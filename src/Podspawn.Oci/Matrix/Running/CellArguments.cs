using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>The command line of our own program that runs one cell: a cell is a process, so that it can be ended without a trace.</summary>
internal static class CellArguments
{
    // The cell's own time limit ends it; this is only so that the probe does not give up before.
    private const string NoLimit = "3600";

    /// <summary>The words after the program's name.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="configPath">A file with the config.</param>
    /// <param name="bundle">The root filesystem.</param>
    /// <param name="emptyRoot">An empty directory, for a bundle that names nothing.</param>
    /// <param name="probe">What to do in the container.</param>
    public static IReadOnlyList<string> Of(MatrixRuntime runtime, string configPath, MatrixBundle bundle, string emptyRoot, MatrixProbe probe)
    {
        List<string> words = [probe.Command is null ? "verify" : "run", "--config", configPath, "--runtime", runtime.Program];
        foreach (string argument in runtime.Arguments)
            words.Add($"--runtime-flag={argument}");
        if (bundle.BundlePath is { } path)
            words.AddRange(["--bundle", path]);
        else
            words.AddRange(["--rootfs", bundle.RootfsPath ?? emptyRoot]);
        if (probe.Command is { } command)
            words.AddRange(["--", .. command.Arguments]);
        else
            words.AddRange(["--only", probe.Name, "--time-limit", NoLimit, "--format", "json"]);
        return words;
    }

    /// <summary>The same as options of a launch, for its config.json on paper.</summary>
    public static LaunchOptions OptionsOf(MatrixRuntime runtime, MatrixConfig config, MatrixBundle bundle, string emptyRoot) => new()
    {
        Config = config.Config with { Security = config.Config.Security with { Runtime = runtime.Program } },
        RuntimeFlags = runtime.Arguments,
        RootfsPath = bundle.BundlePath is null ? bundle.RootfsPath ?? emptyRoot : null,
        BundlePath = bundle.BundlePath,
        // A stand-in: each cell has its own, and the root filesystem need not have it.
        Command = ["/proc/self/exe"],
    };
}
