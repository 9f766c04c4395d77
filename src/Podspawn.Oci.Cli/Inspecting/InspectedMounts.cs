namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>The mounts that were asked for: what every container gets of the kernel's filesystems is left out, as docker and podman do.</summary>
internal static class InspectedMounts
{
    private static readonly string[] Propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
    private static readonly string[] OfEach = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/run/podspawn-init"];

    internal static IReadOnlyList<InspectedMount> Of(SpecFacts spec) => [.. spec["mounts"].Items.Where(IsAsked).Select(One)];

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
