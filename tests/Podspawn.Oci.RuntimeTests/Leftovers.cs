namespace Podspawn.Oci.RuntimeTests;

/// <summary>What a container may not leave on the host.</summary>
internal static class Leftovers
{
    /// <summary>Everything of the container <paramref name="name"/> that is still there.</summary>
    internal static IReadOnlyList<string> Of(string name)
    {
        var found = new List<string>();
        foreach (string path in new[] { $"/run/podspawn-oci/containers/{name}", $"/var/lib/podspawn-oci/scratch/{name}", $"/sys/fs/cgroup/podspawn-oci-{name}" })
        {
            if (Directory.Exists(path))
                found.Add(path);
        }
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
        {
            if (Directory.Exists($"{hierarchy}/podspawn-oci-{name}"))
                found.Add($"{hierarchy}/podspawn-oci-{name}");
        }
        found.AddRange(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains($"/{name}/", StringComparison.Ordinal)));
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            if (Read($"{process}/environ").Contains($"/containers/{name}\0", StringComparison.Ordinal)
                || Read($"{process}/cgroup").Contains($"/podspawn-oci-{name}", StringComparison.Ordinal))
            {
                found.Add($"{process} {Read($"{process}/cmdline").Replace('\0', ' ')}");
            }
        }
        return found;
    }

    /// <summary>The containers without a name of their own that left a directory, or have it still.</summary>
    internal static IReadOnlySet<string> Nameless() =>
        new[] { "/run/podspawn-oci/containers", "/var/lib/podspawn-oci/scratch" }.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .Select(path => Path.GetFileName(path)).Where(name => name.Length == 12 && name.All(char.IsAsciiHexDigitLower)).ToHashSet();

    /// <summary>Waits until nothing is left of the nameless containers that were not there before. Those of other tests end as well.</summary>
    internal static async Task AssertNoneSince(IReadOnlySet<string> before)
    {
        foreach (string name in Nameless().Except(before))
            await AssertNone(name);
    }

    /// <summary>Waits until nothing is left: a killed process goes when the kernel gets to it.</summary>
    internal static async Task AssertNone(string name)
    {
        IReadOnlyList<string> left = Of(name);
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); left.Count > 0 && DateTime.UtcNow < end; left = Of(name))
            await Task.Delay(20);
        Assert.True(left.Count == 0, string.Join('\n', left));
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
