using System.Diagnostics;
using System.Text.Json;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>Runs a matrix: each cell in a separate process, several at a time.</summary>
/// <param name="store">The store of the containers.</param>
/// <param name="commandOf">The command that launches a cell; called on any thread.</param>
/// <param name="signals">The source of a signal that ends the wait for a runtime's answer; null for none.</param>
public sealed class MatrixRunner(ContainerStore store, Func<CellLaunch, CellCommand> commandOf, ISignalSource? signals)
{
    /// <summary>Runs the matrix.</summary>
    /// <param name="file">The matrix.</param>
    /// <param name="jobs">The number of cells that run at the same time.</param>
    /// <param name="began">Receives each cell that begins; on any thread, one call at a time.</param>
    /// <param name="ended">Receives each cell that has ended; likewise.</param>
    /// <param name="cancellation">Cancels the run; nothing is left of the cells that ran.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ConfigException">A runtime is not installed.</exception>
    /// <exception cref="RuntimeException">A program is not an OCI runtime.</exception>
    public async Task<MatrixReport> RunAsync(MatrixFile file, int jobs, Action<CellKey> began, Action<CellReport> ended, CancellationToken cancellation)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        long start = Stopwatch.GetTimestamp();
        string empty = store.EmptyRoot();
        HostFacts host = HostProbe.Read();
        IReadOnlyList<RuntimeDriver> drivers = [.. file.Runtimes.Select(DriverOf)];
        IReadOnlyList<ReportedRuntime> runtimes = [.. file.Runtimes.Zip(drivers, Describe)];
        List<MatrixCell> cells = Settle(file, drivers);
        using var configs = new ConfigHandles(file.Configs);
        using var process = new CellProcess(store);
        var reports = new CellReport[cells.Count];
        var telling = new Lock();
        await Parallel.ForAsync(0, cells.Count, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation }, async (i, token) =>
        {
            MatrixCell cell = cells[i];
            lock (telling)
                began(cell.Key);
            reports[i] = await RunAsync(file, cell, configs, process, empty, token).ConfigureAwait(false);
            lock (telling)
                ended(reports[i]);
        }).ConfigureAwait(false);
        return new MatrixReport
        {
            File = file.Path,
            Started = started,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3),
            CellSeconds = Math.Round(reports.Sum(report => report.Seconds), 3),
            Jobs = jobs,
            Host = Describe(host),
            Runtimes = runtimes,
            Configs = [.. file.Configs.Select(config => new ReportedConfig(config.Name, ConfigText.Of(config.Config)))],
            Bundles = [.. file.Bundles.Select(bundle => bundle.Name)],
            Probes = [.. file.Probes.Select(probe => probe.Name)],
            Specs = SpecsOf(file, empty),
            Cells = reports,
        };
    }

    private async Task<CellReport> RunAsync(
        MatrixFile file, MatrixCell cell, ConfigHandles configs, CellProcess process, string empty, CancellationToken cancellation)
    {
        MatrixProbe probe = file.Probes.First(item => item.Name == cell.Key.Probe);
        CellCommand command = commandOf(new CellLaunch(
            file.Runtimes.First(item => item.Name == cell.Key.Runtime),
            configs.PathOf(cell.Key.Config),
            file.Bundles.First(item => item.Name == cell.Key.Bundle),
            empty,
            probe));
        TimeSpan limit = probe.Command?.TimeLimit ?? file.TimeLimit;
        return CellJudge.Of(cell, probe, await process.RunAsync(command, limit, cancellation).ConfigureAwait(false), limit);
    }

    // One spec for each combination that has a cell; where it cannot be planned, the cells say why.
    private List<ReportedSpec> SpecsOf(MatrixFile file, string empty)
    {
        var specs = new List<ReportedSpec>();
        foreach ((string runtime, string config, string bundle) in file.Cells.Select(cell => (cell.Key.Runtime, cell.Key.Config, cell.Key.Bundle)).Distinct())
        {
            try
            {
                LaunchPlan plan = LaunchPlanner.DryRun(OptionsOf(
                    file.Runtimes.First(item => item.Name == runtime), file.Configs.First(item => item.Name == config), file.Bundles.First(item => item.Name == bundle), empty));
                using JsonDocument spec = JsonDocument.Parse(SpecJson.Serialize(plan.Translate([]).Spec));
                specs.Add(new ReportedSpec(runtime, config, bundle, spec.RootElement.Clone()));
            }
            catch (Exception e) when (e is ConfigException or TranslationException or ContainerException or RuntimeException or RootFilesystemException)
            {
                // The cells report it.
            }
        }
        return specs;
    }

    private LaunchOptions OptionsOf(MatrixRuntime runtime, MatrixConfig config, MatrixBundle bundle, string emptyRoot) => new()
    {
        Config = config.Config with { Security = config.Config.Security with { Runtime = runtime.Program } },
        RuntimeFlags = runtime.Arguments,
        RootfsPath = bundle.BundlePath is null ? bundle.RootfsPath ?? emptyRoot : null,
        BundlePath = bundle.BundlePath,
        // A stand-in: each cell has its own command, and the root filesystem need not contain it.
        Command = ["/proc/self/exe"],
        Signals = signals,
    };

    // Each cell with the expectation for the installed release: the report contains that, and comparisons use it wherever the report is read.
    private static List<MatrixCell> Settle(MatrixFile file, IReadOnlyList<RuntimeDriver> drivers)
    {
        var releases = new Dictionary<string, RuntimeRelease>();
        for (int i = 0; i < drivers.Count; i++)
            releases[file.Runtimes[i].Name] = drivers[i].Traits.Release;
        return [.. file.Cells.Select(cell => cell.On(releases[cell.Key.Runtime]))];
    }

    private RuntimeDriver DriverOf(MatrixRuntime runtime) => RuntimeDriver.For(RuntimeLocator.Find(runtime.Program, Origin.Default), store.Layout.Cache, signals);

    private static ReportedRuntime Describe(MatrixRuntime runtime, RuntimeDriver driver) =>
        new(runtime.Name, driver.Program, $"{driver.Version.Name} {driver.Version.Version}", runtime.Arguments);

    private static MatrixHost Describe(HostFacts host) => new(
        SmallFile.Read("/proc/sys/kernel/osrelease")?.Trim() ?? "",
        host.Architecture == CpuArchitecture.Arm64 ? "aarch64" : "x86_64",
        host.CgroupLayout switch { CgroupLayout.Unified => "v2", CgroupLayout.Hybrid => "hybrid", CgroupLayout.V1 => "v1", _ => "none" },
        host.Processors);
}
