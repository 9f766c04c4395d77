using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>What <c>info --format json</c> prints; the names are podman's where podman has the field.</summary>
internal sealed record InfoReport(HostInfo Host, StoreInfo Store, VersionReport Version);

/// <summary>The host. Sizes are in bytes.</summary>
internal sealed record HostInfo(
    string Arch,
    string CgroupVersion,
    IReadOnlyList<string> CgroupControllers,
    ProgramInfo? Conmon,
    int Cpus,
    string Hostname,
    string Kernel,
    long MemTotal,
    string Os,
    IReadOnlyList<ProgramInfo> OciRuntimes,
    string DefaultRuntime)
{
    /// <summary>The runtime that a launch takes where nothing else is said; null where it is missing.</summary>
    public ProgramInfo? OciRuntime => OciRuntimes.FirstOrDefault(runtime => runtime.Name == DefaultRuntime);

    /// <summary>The same as <see cref="CgroupVersion"/>: podman's templates call it so.</summary>
    public string CgroupsVersion => CgroupVersion;

    /// <summary>Who makes cgroups: nobody but the runtime.</summary>
    public string CgroupManager { get; } = "cgroupfs";

    /// <summary>Where containers' output goes.</summary>
    public string LogDriver { get; } = "k8s-file";

    /// <summary>Where events go.</summary>
    public string EventLogger { get; } = "file";

    /// <summary>The distribution, as os-release(5) names it.</summary>
    public required DistributionInfo Distribution { get; init; }

    /// <summary>What holds containers, by the kernel's and the program's state.</summary>
    public HostSecurity Security { get; } = new(Rootless: !Environment.IsPrivilegedProcess);

    /// <summary>Who makes networks.</summary>
    public string NetworkBackend { get; } = "netavark";
}

/// <summary>A distribution.</summary>
internal sealed record DistributionInfo(string Distribution, string Version, string? Codename);

/// <summary>Whether root runs the program.</summary>
internal sealed record HostSecurity(bool Rootless);

/// <summary>A program that we call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Version">The version that it tells; null where it was not asked.</param>
internal sealed record ProgramInfo(string Name, string Path, string? Version);

/// <summary>The store.</summary>
internal sealed record StoreInfo(string RunRoot, string GraphRoot, ContainerNumbers ContainerStore, ImageNumbers ImageStore);

/// <summary>How many containers there are.</summary>
internal sealed record ContainerNumbers(int Number, int Running, int Paused, int Stopped);

/// <summary>How many images there are.</summary>
internal sealed record ImageNumbers(int Number);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InfoReport))]
[JsonSerializable(typeof(ClientVersion))]
internal sealed partial class InfoJson : JsonSerializerContext;

/// <summary>Collects the report.</summary>
internal static class InfoReports
{
    internal static InfoReport Of(ImageStore images)
    {
        HostFacts host = HostProbe.Read();
        IReadOnlyList<Container> containers = Environment.IsPrivilegedProcess ? EachContainer.Registry().All() : [];
        int Are(Func<ContainerStatus, bool> fits) => containers.Count(container => fits(container.State.Status));

        return new InfoReport(
            new HostInfo(
                ImagePlatform.Host.Architecture,
                host.CgroupLayout switch { CgroupLayout.Unified => "v2", CgroupLayout.None => "none", _ => "v1" },
                [.. host.CgroupControllers.Order(StringComparer.Ordinal)],
                HostProgram.Find("conmon") is { } conmon ? new ProgramInfo("conmon", conmon, null) : null,
                host.Processors,
                Environment.MachineName,
                SmallFile.Read("/proc/sys/kernel/osrelease")?.Trim() ?? host.Kernel.ToString(),
                host.MemoryBytes,
                "linux",
                [.. RuntimeLocator.Known.Select(Runtime).OfType<ProgramInfo>()],
                RuntimeLocator.DefaultRuntime) { Distribution = Distribution() },
            new StoreInfo(
                StateLayout.Default.RunDirectory,
                StateLayout.Default.DataDirectory,
                new ContainerNumbers(
                    containers.Count, Are(status => status == ContainerStatus.Running), Are(status => status == ContainerStatus.Paused),
                    Are(status => status is ContainerStatus.Created or ContainerStatus.Exited)),
                new ImageNumbers(images.All().Count)),
            VersionReport.Own());
    }

    /// <summary>The report for people, a line for each thing, in the order of the record.</summary>
    internal static List<string> Lines(InfoReport report)
    {
        (HostInfo host, StoreInfo store) = (report.Host, report.Store);
        string Programs(IEnumerable<ProgramInfo> programs) =>
            string.Join(", ", programs.Select(program => program.Version is { } version ? $"{program.Name} {version} ({program.Path})" : program.Path).DefaultIfEmpty("none"));
        return
        [
            $"version: {report.Version.Version}",
            "host:",
            $"  name: {host.Hostname}",
            $"  kernel: {host.Kernel} ({host.Os}/{host.Arch})",
            $"  processors: {host.Cpus}",
            $"  memory: {ByteSize.Format(host.MemTotal)}",
            $"  cgroups: {host.CgroupVersion} ({string.Join(", ", host.CgroupControllers.DefaultIfEmpty("no controllers"))})",
            $"  runtimes: {Programs(host.OciRuntimes)}; {host.DefaultRuntime} where nothing else is said",
            $"  conmon: {host.Conmon?.Path ?? "none"}",
            "store:",
            $"  state: {store.RunRoot}",
            $"  data: {store.GraphRoot}",
            $"  containers: {store.ContainerStore.Number}, of them {store.ContainerStore.Running} running, {store.ContainerStore.Paused} paused, "
                + $"{store.ContainerStore.Stopped} stopped",
            $"  images: {store.ImageStore.Number}",
        ];
    }

    private static DistributionInfo Distribution()
    {
        Dictionary<string, string> told = (SmallFile.Read("/etc/os-release") ?? SmallFile.Read("/usr/lib/os-release") ?? "").Split('\n')
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1].Trim().Trim('"'));
        return new DistributionInfo(told.GetValueOrDefault("ID") ?? "unknown", told.GetValueOrDefault("VERSION_ID") ?? "unknown", told.GetValueOrDefault("VERSION_CODENAME"));
    }

    // One that is broken is what the doctor tells of.
    private static ProgramInfo? Runtime(string name)
    {
        if (RuntimeLocator.TryFind(name) is not { } program)
            return null;
        try
        {
            return new ProgramInfo(name, program, RuntimeDriver.For(program, cacheDirectory: null, OwnProgram.Signals).Traits.Version);
        }
        catch (RuntimeException e) when (e.ExitStatus == ExitCodes.LaunchFailed)
        {
            return new ProgramInfo(name, program, null);
        }
    }
}
