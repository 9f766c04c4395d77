using Podspawn.Oci.Containers.Records;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Containers;

/// <summary>Writes down what a launch is to make.</summary>
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
            Command = InitProgram.Without(request.Arguments),
            Network = request.Network,
            HostName = request.HostName,
            Terminal = options.Terminal,
            Interactive = options.Interactive,
            Runtime = new RuntimeProgram(plan.Driver.Program, plan.Driver.Version.Name, plan.Driver.Version.Version, plan.Driver.OwnFlags),
            Cgroup = plan.Host.CgroupLayout == CgroupLayout.None ? null : request.CgroupsPath,
            Keep = options.Keep,
            Words = options.Words,
            SaidIn = Environment.CurrentDirectory,
        };
    }
}
