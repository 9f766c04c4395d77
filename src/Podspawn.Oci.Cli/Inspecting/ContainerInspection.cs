using System.Text.Json;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Collects what is known of a container.</summary>
internal static class ContainerInspection
{
    /// <summary>The version of the form in which it is printed, in JSON and to templates.</summary>
    internal const int Version = 1;

    private const string ResolvConf = "/etc/resolv.conf";
    private const string Hosts = "/etc/hosts";

    /// <summary>Everything of a container, as it is now.</summary>
    /// <param name="container">The container.</param>
    /// <param name="sizes">Whether its sizes on disk are measured, which reads its whole tree.</param>
    internal static InspectedContainer Of(Container container, bool sizes)
    {
        ContainerDefinition definition = container.Definition;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(container.Paths.Config));
        var spec = new SpecFacts(document.RootElement.Clone());
        ImageRecord? image = ImageOf(definition);
        string driver = container.State.Layer?.ToString().ToLowerInvariant() ?? "";
        string layer = container.Paths.Root;
        return new InspectedContainer
        {
            Id = container.Id,
            Created = GoTime.Json(definition.Created),
            Path = definition.Command.Count > 0 ? definition.Command[0] : "",
            Args = [.. definition.Command.Skip(1)],
            State = State(container, spec),
            Image = (image?.Config ?? definition.ImageDigest) is { } digest ? Digest.Hex(digest) : "",
            ImageDigest = definition.ImageDigest ?? "",
            ImageName = definition.Image is { } name ? ImageSource.FullName(name) : "",
            Rootfs = definition.Image is null ? definition.RootDirectory : "",
            ResolvConfPath = SourceOf(spec, ResolvConf),
            HostnamePath = SourceOf(spec, "/etc/hostname"),
            HostsPath = SourceOf(spec, Hosts),
            StaticDir = container.Paths.Directory,
            OCIConfigPath = container.Paths.Config,
            OCIRuntime = System.IO.Path.GetFileName(definition.Runtime.Program) == definition.Runtime.Name ? definition.Runtime.Name : definition.Runtime.Program,
            LogPath = container.LogFile ?? "",
            ConmonPidFile = definition.Foreground ? "" : container.Paths.MonitorPidFile,
            PidFile = definition.Lifecycle.PidFile ?? container.Paths.PidFile,
            Name = container.Name,
            RestartCount = container.State.Restarts,
            Driver = driver,
            Platform = "linux",
            MountLabel = spec["linux", "mountLabel"].Text,
            ProcessLabel = spec["process", "selinuxLabel"].Text,
            AppArmorProfile = spec["process", "apparmorProfile"].Text,
            EffectiveCaps = spec["process", "capabilities", "effective"].Texts,
            BoundingCaps = spec["process", "capabilities", "bounding"].Texts,
            ExecIDs = [],
            GraphDriver = new InspectedDriver(driver, driver.Length == 0 ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["LowerDir"] = definition.RootDirectory, ["MergedDir"] = layer }),
            SizeRw = sizes ? ContainerSizes.OfLayer(container) : null,
            SizeRootFs = sizes ? ContainerSizes.OfLayer(container) + (image?.Size ?? DiskUse.Of(definition.RootDirectory)) : null,
            Mounts = InspectedMounts.Of(spec, definition.Mounts),
            Dependencies = [.. DependenciesOf(definition).Select(other => other.Id).Distinct()],
            NetworkSettings = NetworkInspection.Of(container),
            Namespace = "",
            IsInfra = false,
            Config = Config(definition, spec),
            HostConfig = HostInspection.Of(container, spec),
            Podspawn = new InspectedPart(Version, definition.Runtime, driver, definition.RootDirectory, definition.RootfsWritable, definition.Foreground, spec.Json),
        };
    }

    private static IEnumerable<OtherContainer> DependenciesOf(ContainerDefinition definition) =>
        [.. definition.Requires, .. new[] { definition.Namespaces.IpcOf, definition.Namespaces.PidOf }.OfType<OtherContainer>()];

    private static InspectedState State(Container container, SpecFacts spec)
    {
        ContainerState state = container.State;
        return new InspectedState
        {
            OciVersion = spec["ociVersion"].Text,
            Status = StatusWords.Of(container),
            Running = container.HasProcess,
            Paused = state.Status == ContainerStatus.Paused,
            Restarting = container.ShownStatus == ContainerStatus.Restarting,
            OOMKilled = state.OutOfMemory,
            Dead = false,
            Pid = container.HasProcess ? state.Process?.Pid ?? 0 : 0,
            ConmonPid = container.HasProcess ? state.Monitor?.Pid ?? 0 : 0,
            ExitCode = state.ExitStatus ?? 0,
            Error = state.Error ?? "",
            StartedAt = GoTime.Json(state.Started),
            FinishedAt = GoTime.Json(state.Finished),
            Health = Health(container),
            CgroupPath = container.Definition.Cgroup ?? "",
        };
    }

    private static InspectedHealth Health(Container container) => container.Health is not { } health ? new InspectedHealth("", 0, []) : new InspectedHealth(
        HealthWords.Of(health.Status), health.FailingStreak,
        [.. health.Log.Select(check => new InspectedCheck(GoTime.Json(check.Start), GoTime.Json(check.End), check.ExitStatus, check.Output))]);

    private static InspectedConfig Config(ContainerDefinition definition, SpecFacts spec)
    {
        LifecycleOptions keep = definition.Lifecycle;
        (long user, long group) = (spec["process", "user", "uid"].Number, spec["process", "user", "gid"].Number);
        return new InspectedConfig
        {
            Hostname = definition.HostName,
            Domainname = "",
            User = user == 0 && group == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{user}:{group}"),
            AttachStdin = definition.Foreground && definition.Interactive,
            AttachStdout = definition.Foreground,
            AttachStderr = definition.Foreground,
            Tty = definition.Terminal,
            OpenStdin = definition.Interactive,
            StdinOnce = false,
            Env = spec["process", "env"].Texts,
            Cmd = [.. definition.Command.Skip(definition.EntrypointLength)],
            Image = definition.Origin,
            Volumes = new Dictionary<string, JsonElement>(),
            WorkingDir = spec["process", "cwd"].Text,
            Entrypoint = [.. definition.Command.Take(definition.EntrypointLength)],
            Labels = keep.Labels,
            Annotations = spec["annotations"].Pairs,
            StopSignal = Signals.Name(keep.StopSignal ?? Signals.Terminate),
            StopTimeout = keep.StopTimeoutSeconds,
            Timeout = keep.TimeoutSeconds,
            CreateCommand = [CommandLine.ProgramName, .. definition.CreateCommand],
            Umask = definition.Resources.Umask is { } mask ? $"0{Convert.ToString(mask, 8).PadLeft(3, '0')}" : "0022",
            SdNotifyMode = NotifyFlag.WordOf(keep.Notify.Mode),
            SdNotifySocket = keep.Notify.Socket ?? "",
        };
    }

    private static string SourceOf(SpecFacts spec, string destination) =>
        spec["mounts"].Items.Where(mount => mount["destination"].Text == destination).Select(mount => mount["source"].Text).LastOrDefault() ?? "";

    /// <summary>The record of a container's image; null where it runs from a directory, or the image is gone.</summary>
    internal static ImageRecord? ImageOf(ContainerDefinition definition) =>
        definition.ImageDigest is not null && Path.GetDirectoryName(definition.RootDirectory) is { } directory
        && ImageRecordJson.Read(new UnpackedPaths(directory).Record) is { } record && record.Digest == definition.ImageDigest ? record : null;
}
