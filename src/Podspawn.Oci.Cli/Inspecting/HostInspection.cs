using System.Text.Json;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Host;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Stats;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Collects what a container was given of its host, from the config.json that its runtime got: what counts, however it was asked for.</summary>
internal static class HostInspection
{
    private const long Billion = 1_000_000_000;

    internal static InspectedHost Of(Container container, SpecFacts spec)
    {
        ContainerDefinition definition = container.Definition;
        LifecycleOptions keep = definition.Lifecycle;
        SpecFacts limits = spec["linux", "resources"];
        (long quota, long period) = (limits["cpu", "quota"].Number, limits["cpu", "period"].Number);
        string[] granted = [.. spec["process", "capabilities", "bounding"].Texts];
        IReadOnlyList<string> usual = CapabilityNames.SpecNames(CapabilityRule.DockerDefault);
        return new InspectedHost
        {
            Binds =
            [
                .. InspectedMounts.Of(spec, definition.Mounts).Where(mount => mount.Type is not ("tmpfs" or "image"))
                    .Select(mount => $"{mount.Source}:{mount.Destination}:{Mode(mount)}"),
            ],
            CgroupMode = Mode(spec, "cgroup"),
            CgroupParent = Path.GetDirectoryName(definition.Cgroup) ?? "",
            LogConfig = new InspectedLog(
                definition.Foreground ? "none" : LogFlags.WordOf(keep.Log.Driver), new Dictionary<string, string>(), container.LogFile ?? "", keep.Log.Tag ?? "",
                keep.LogSizeMax == 0 ? "0B" : Text.ByteSize.FormatSet(keep.LogSizeMax)),
            NetworkMode = NetworkInspection.ModeOf(definition),
            PortBindings = NetworkInspection.Bindings(definition.Ports),
            RestartPolicy = new InspectedRestart(RestartPolicyText.Format(keep.Restart).Split(':')[0], keep.Restart.MaximumRetries),
            AutoRemove = keep.Remove || definition.Foreground,
            CapAdd = [.. granted.Except(usual)],
            CapDrop = [.. usual.Except(granted)],
            GroupAdd = [.. spec["process", "user", "additionalGids"].Items.Select(group => group.Json.GetRawText())],
            IpcMode = IpcModeOf(definition.Namespaces, spec),
            PidMode = definition.Namespaces.PidOf is { } other ? $"container:{other.Id}" : Mode(spec, "pid"),
            UTSMode = Mode(spec, "uts"),
            UsernsMode = spec["linux", "namespaces"].Items.Any(space => space["type"].Text == "user") ? "private" : "",
            Privileged = false,
            PublishAllPorts = false,
            ReadonlyRootfs = spec["root", "readonly"].Flag,
            SecurityOpt = Options(spec),
            Tmpfs = InspectedMounts.Of(spec, definition.Mounts).Where(mount => mount.Type == "tmpfs")
                .GroupBy(mount => mount.Destination).ToDictionary(same => same.Key, same => string.Join(',', same.Last().Options)),
            ShmSize = spec["mounts"].Items.Where(mount => mount["destination"].Text == "/dev/shm").SelectMany(mount => mount["options"].Texts)
                .Where(option => option.StartsWith("size=", StringComparison.Ordinal))
                .Select(option => Text.ByteSize.TryParse(option.Replace("size=", "", StringComparison.Ordinal), out long size) ? size : 0).LastOrDefault(),
            Runtime = definition.Runtime.Name,
            Init = spec["process", "args"].Texts is [var first, ..] && (definition.Command.Count == 0 || first != definition.Command[0]),
            Memory = limits["memory", "limit"].Number,
            MemoryReservation = limits["memory", "reservation"].Number,
            MemorySwap = limits["memory", "swap"].Number,
            NanoCpus = quota > 0 && period > 0 ? quota * Billion / period : 0,
            CpuPeriod = period,
            CpuQuota = quota,
            CpuShares = limits["cpu", "shares"].Number,
            CpusetCpus = limits["cpu", "cpus"].Text,
            CpusetMems = limits["cpu", "mems"].Text,
            BlkioWeight = limits["blockIO", "weight"].Number,
            PidsLimit = PidsLimit(container, limits),
            OomScoreAdj = spec["process", "oomScoreAdj"].Number,
            Ulimits = [.. spec["process", "rlimits"].Items.Select(limit => new InspectedLimit(limit["type"].Text, Unsigned(limit["soft"]), Unsigned(limit["hard"])))],
            Sysctls = spec["linux", "sysctl"].Pairs,
            Devices = [.. definition.Devices.Select(device => new InspectedDevice(device.HostPath, device.Path, device.Opens.Access))],
        };
    }

    private static ulong Unsigned(SpecFacts number) => number.Json.ValueKind == JsonValueKind.Number && number.Json.TryGetUInt64(out ulong value) ? value : 0;

    // Under gVisor the cgroup's limit is of the sandbox's own tasks, and stands above the container's.
    private static long PidsLimit(Container container, SpecFacts limits) =>
        container.Driver.Traits.Kernel == SystemCallHandler.Sentry ? SentryStatistics.PidsLimit(container) ?? 0 : limits["pids", "limit"].Number;

    private static string Mode(InspectedMount mount) => string.Join(',', mount.Options.Where(option => option is not ("bind" or "rbind")));

    // A namespace that is not in the list is the host's; one with a path is another's.
    private static string Mode(SpecFacts spec, string type)
    {
        SpecFacts space = spec["linux", "namespaces"].Items.FirstOrDefault(space => space["type"].Text == type);
        return !space.IsThere ? "host" : space["path"].Text is { Length: > 0 } path ? $"ns:{path}" : "private";
    }

    private static string IpcModeOf(SharedNamespaces shared, SpecFacts spec) => shared switch
    {
        { IpcOf: { } other } => $"container:{other.Id}",
        { Ipc: IpcMode.Shareable } => "shareable",
        { Ipc: IpcMode.None } => "none",
        _ => Mode(spec, "ipc"),
    };

    private static List<string> Options(SpecFacts spec)
    {
        var options = new List<string>();
        if (spec["process", "noNewPrivileges"].Flag)
            options.Add("no-new-privileges");
        if (!spec["linux", "seccomp"].IsThere)
            options.Add("seccomp=unconfined");
        if (spec["process", "apparmorProfile"].Text is { Length: > 0 } profile)
            options.Add($"apparmor={profile}");
        if (spec["process", "selinuxLabel"].Text is { Length: > 0 } label)
            options.Add($"label={label}");
        return options;
    }
}
