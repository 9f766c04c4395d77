using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Builds the record of what a launch is to create.</summary>
internal static class Definitions
{
    internal static ContainerDefinition Of(LaunchPlan plan, LaunchSource source, LaunchOptions options, string name, bool foreground)
    {
        LaunchRequest request = plan.Request;
        return new ContainerDefinition
        {
            Id = request.ContainerId,
            Name = name,
            Created = DateTimeOffset.UtcNow,
            Foreground = foreground,
            Image = options.Image?.Source.Text,
            ImageDigest = source.ImageDigest,
            RootDirectory = source.Root.Path,
            RootfsWritable = options.RootfsWritable,
            StorageDriver = options.StorageDriver,
            Directories = plan.Directories,
            Mounts = [.. request.Volumes.Where(volume => volume.Mode is not null)],
            Devices = request.Devices,
            Command = InitBinary.Without(request.Arguments),
            EntrypointLength = (options.Entrypoint ?? source.Image?.Entrypoint ?? []).Count,
            Network = request.Network,
            NetworkPath = request.NetworkPath,
            Attachments = request.Attachments,
            Ports = request.Ports,
            SendsFrames = request.Network == NetworkMode.Bridge && SendsFrames(plan),
            Egress = EgressPolicy.Of(plan.Config.Security.Egress),
            Resources = request.Resources,
            Namespaces = request.Namespaces,
            Requires = plan.Requires,
            Names = request.Names,
            TimeZone = options.TimeZone,
            HostName = request.HostName,
            Terminal = options.Terminal,
            Interactive = options.Interactive,
            Runtime = RecordedRuntime.Of(plan.Driver),
            Cgroup = plan.Host.CgroupLayout == CgroupLayout.None ? null : request.CgroupsPath,
            Health = plan.Health,
            Lifecycle = options.Lifecycle,
            CreateCommand = options.CreateCommand,
            CreatedIn = options.CreatedIn,
        };
    }

    private static bool SendsFrames(LaunchPlan plan)
    {
        CapabilitySet capabilities = ResolvedConfig.Of(plan.Config, plan.Host, new Diagnostics(plan.Config)).Capabilities;
        return capabilities.Contains(Capability.NetRaw) || capabilities.Contains(Capability.NetAdmin);
    }
}
