using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Podspawn.Oci.TestSupport;

/// <summary>Finds what a container must not leave on the host.</summary>
internal static partial class Leftovers
{
    private const string Containers = "/run/podspawn-oci/containers";
    private const int IdLength = 64;
    private const int StoreLength = 12;

    /// <summary>
    /// Everything that is left of the container <paramref name="container"/>, given by its id or its name. The id of one that is gone is not known any more: what is
    /// left of any container that has no directory is then taken for its.
    /// </summary>
    internal static IReadOnlyList<string> Of(string container)
    {
        string id = IdOf(container);
        var found = new List<string>();
        if (Directory.Exists($"{Containers}/{id}"))
            found.Add($"{Containers}/{id}");
        if (id != container)
            found.Add($"/run/podspawn-oci/names/{container}");
        found.AddRange(LayersOf(id));
        found.AddRange(CgroupsOf(id));
        if (container.Length != IdLength)
            found.AddRange(Orphans());
        foreach (string process in Processes())
        {
            if (Read($"{process}/environ").Contains($"/containers/{id}\0", StringComparison.Ordinal)
                || Read($"{process}/cgroup").Contains($"/podspawn-oci-{id}", StringComparison.Ordinal)
                // A mount in a separate namespace lives as long as the last process there.
                || Read($"{process}/mountinfo").Contains($"/{id}/", StringComparison.Ordinal))
            {
                found.Add($"{process} {Read($"{process}/cmdline").Replace('\0', ' ')}");
            }
        }
        return found;
    }

    /// <summary>The id of the container that has the name; the text itself where none has.</summary>
    internal static string IdOf(string name) => Read($"/run/podspawn-oci/names/{name}") is { Length: > 0 } id ? id : name;

    /// <summary>The directory of the container that has the name.</summary>
    internal static string DirectoryOf(string name) => $"{Containers}/{IdOf(name)}";

    // What belongs to this store by its name, and to no container: cgroups and layers go before the directory.
    private static IEnumerable<string> Orphans()
    {
        string store = Read("/run/podspawn-oci/identity").Split(' ')[0];
        if (store.Length != StoreLength)
            return [];
        IEnumerable<string> layers = Directory.Exists("/var/lib/podspawn-oci/scratch")
            ? Directory.GetDirectories("/var/lib/podspawn-oci/scratch", $"{store}-*").SelectMany(layer => Directory.GetDirectories(layer)) : [];
        IEnumerable<string> cgroups = Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup")
            .SelectMany(hierarchy => Directory.GetDirectories(hierarchy, $"podspawn-oci-*-{store}"));
        return
        [
            .. layers.Where(layer => !Directory.Exists($"{Containers}/{Path.GetFileName(layer)}")),
            .. cgroups.Where(cgroup => !Directory.Exists($"{Containers}/{Path.GetFileName(cgroup)["podspawn-oci-".Length..^(StoreLength + 1)]}")),
            .. Processes().Where(process => Mark().Match(Read($"{process}/environ")) is { Success: true } mark && !Directory.Exists($"{Containers}/{mark.Groups[1].Value}"))
                .Select(process => $"{process} {Read($"{process}/cmdline").Replace('\0', ' ')}"),
        ];
    }

    private static IEnumerable<string> Processes() => Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1]));

    [GeneratedRegex($"={Containers}/([0-9a-f]{{64}})\0")]
    private static partial Regex Mark();

    /// <summary>The layers of that container, in any store.</summary>
    internal static IEnumerable<string> LayersOf(string name) => Directory.Exists("/var/lib/podspawn-oci/scratch")
        ? Directory.GetDirectories("/var/lib/podspawn-oci/scratch").Select(store => $"{store}/{IdOf(name)}").Where(Directory.Exists)
        : [];

    /// <summary>The cgroups of that container, in every hierarchy and of any store, whose name is at the end of theirs.</summary>
    internal static IEnumerable<string> CgroupsOf(string name) => Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup")
        .SelectMany(hierarchy => Directory.GetDirectories(hierarchy, $"podspawn-oci-{IdOf(name)}-*"))
        .Where(path => Path.GetFileName(path).Length == $"podspawn-oci-{IdOf(name)}-".Length + StoreLength);

    /// <summary>The container that a launcher has created so far, by the files that it has open; null for none yet.</summary>
    internal static string? ContainerOf(Process launcher)
    {
        return Directory.GetFiles($"/proc/{launcher.Id}/fd").Select(path => new FileInfo(path).LinkTarget)
            .FirstOrDefault(target => target?.StartsWith($"{Containers}/", StringComparison.Ordinal) == true)?[(Containers.Length + 1)..].Split('/')[0];
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
