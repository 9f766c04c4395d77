using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>The mounts that were asked for: what every container gets of the kernel's filesystems is left out, as docker and podman do.</summary>
internal static class InspectedMounts
{
    private const string UsualPropagation = "rprivate";
    private static readonly string[] Propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
    private static readonly string[] OfEach = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/run/podspawn-init"];

    /// <param name="spec">The container's config.json.</param>
    /// <param name="asked">The volumes, images and paths of the host that were asked for, by their destinations.</param>
    internal static IReadOnlyList<InspectedMount> Of(SpecFacts spec, IReadOnlyList<VolumeMount> asked) =>
        [.. spec["mounts"].Items.Where(IsAsked).Select(mount => asked.FirstOrDefault(one => one.Destination == mount["destination"].Text) is { } known ? One(known) : One(mount))];

    private static InspectedMount One(VolumeMount mount) => mount.Image is { } image ? One(mount, image) : new InspectedMount(
        mount.Volume is null ? "bind" : "volume",
        mount.Volume?.Name ?? "",
        mount.Source,
        mount.Destination,
        mount.Volume is null ? "" : VolumeReport.OnlyDriver,
        mount.Mode ?? "",
        [mount.IsRecursive ? "rbind" : "bind", .. mount.Options.Where(option => !Propagations.Contains(option))],
        !mount.ReadOnly,
        mount.Options.FirstOrDefault(Propagations.Contains) ?? UsualPropagation);

    // As in podman its source is the image.
    private static InspectedMount One(VolumeMount mount, MountedImage image) => new("image", "", image.Name, mount.Destination, "", "", [], !mount.ReadOnly, "");

    private static bool IsAsked(SpecFacts mount) =>
        (mount["type"].Text is "bind" or "tmpfs" || IsBind(mount)) && !OfEach.Contains(mount["destination"].Text)
        && !mount["destination"].Text.StartsWith("/dev/", StringComparison.Ordinal);

    private static bool IsBind(SpecFacts mount) => mount["options"].Texts.Any(option => option is "bind" or "rbind");

    private static InspectedMount One(SpecFacts mount)
    {
        IReadOnlyList<string> options = mount["options"].Texts;
        return new InspectedMount(
            IsBind(mount) ? "bind" : mount["type"].Text,
            "",
            mount["type"].Text == "tmpfs" ? "" : mount["source"].Text,
            mount["destination"].Text,
            "",
            "",
            options,
            !options.Contains("ro"),
            options.LastOrDefault(Propagations.Contains) ?? "");
    }
}
