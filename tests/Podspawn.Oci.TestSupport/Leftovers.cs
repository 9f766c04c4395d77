using System.Diagnostics;

namespace Podspawn.Oci.TestSupport;

/// <summary>Finds what a container must not leave on the host.</summary>
internal static class Leftovers
{
    private const int StoreLength = 12;

    /// <summary>Everything that is left of the container <paramref name="name"/>.</summary>
    internal static IReadOnlyList<string> Of(string name)
    {
        var found = new List<string>();
        if (Directory.Exists($"/run/podspawn-oci/containers/{name}"))
            found.Add($"/run/podspawn-oci/containers/{name}");
        found.AddRange(LayersOf(name));
        found.AddRange(CgroupsOf(name));
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            if (Read($"{process}/environ").Contains($"/containers/{name}\0", StringComparison.Ordinal)
                || Read($"{process}/cgroup").Contains($"/podspawn-oci-{name}", StringComparison.Ordinal)
                // A mount in a separate namespace lives as long as the last process there.
                || Read($"{process}/mountinfo").Contains($"/{name}/", StringComparison.Ordinal))
            {
                found.Add($"{process} {Read($"{process}/cmdline").Replace('\0', ' ')}");
            }
        }
        return found;
    }

    /// <summary>The layers of that container, in any store.</summary>
    internal static IEnumerable<string> LayersOf(string name) => Directory.Exists("/var/lib/podspawn-oci/scratch")
        ? Directory.GetDirectories("/var/lib/podspawn-oci/scratch").Select(store => $"{store}/{name}").Where(Directory.Exists)
        : [];

    /// <summary>The cgroups of that container, in every hierarchy and of any store, whose name is at the end of theirs.</summary>
    internal static IEnumerable<string> CgroupsOf(string name) => Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup")
        .SelectMany(hierarchy => Directory.GetDirectories(hierarchy, $"podspawn-oci-{name}-*"))
        .Where(path => Path.GetFileName(path).Length == $"podspawn-oci-{name}-".Length + StoreLength);

    /// <summary>The container that a launcher has created so far, by the files that it has open; null for none yet.</summary>
    internal static string? ContainerOf(Process launcher)
    {
        const string Containers = "/run/podspawn-oci/containers/";
        return Directory.GetFiles($"/proc/{launcher.Id}/fd").Select(path => new FileInfo(path).LinkTarget)
            .FirstOrDefault(target => target?.StartsWith(Containers, StringComparison.Ordinal) == true)?[Containers.Length..].Split('/')[0];
    }

    /// <summary>The containers whose runtime is this program.</summary>
    internal static IEnumerable<string> Under(string program) =>
        Directory.GetDirectories("/run/podspawn-oci/containers")
            .Where(container => Read($"{container}/container.json").Contains($"\"program\":\"{program}\"", StringComparison.Ordinal));

    /// <summary>Waits until nothing is left: a killed process disappears when the kernel gets to it.</summary>
    internal static async Task AssertNone(string name, params string[] wanted)
    {
        IReadOnlyList<string> left = Beside();
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); left.Count > 0 && DateTime.UtcNow < end; left = Beside())
            await Task.Delay(20);
        Assert.True(left.Count == 0, string.Join('\n', left));

        IReadOnlyList<string> Beside() => [.. Of(name).Except(wanted)];
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
