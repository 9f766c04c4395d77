using System.Diagnostics;
using System.Formats.Tar;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>The root filesystem of a running container is exported as it is at that moment.</summary>
public sealed class ExportRunningSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-export-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_container_wrote_is_in_its_export(string runtime)
    {
        string name = $"export-{runtime}-{Environment.ProcessId}", file = $"{directory}/root.tar";
        using Process container = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "-i", "--runtime", runtime, "--name", name, "--tmpfs", "/mnt", "--rootfs", Repository.Busybox, "sh", "-c",
                "echo mine > /made; echo hidden > /mnt/x; rm /bin/busybox; echo up; read word"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("up", await container.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
            (await PodspawnOci.Call(["export", "--output", file, name])).Succeeded();
        }
        finally
        {
            container.StandardInput.Close();
            await container.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
        Dictionary<string, string?> entries = [];
        using (var tar = new TarReader(File.OpenRead(file)))
        {
            while (await tar.GetNextEntryAsync() is { } entry)
                entries[entry.Name.TrimEnd('/')] = entry.DataStream is { Length: < 100 } data ? await new StreamReader(data).ReadToEndAsync() : null;
        }
        Assert.Equal("mine\n", entries["made"]);
        Assert.DoesNotContain("bin/busybox", entries.Keys);
        Assert.Contains("mnt", entries.Keys);
        Assert.DoesNotContain("mnt/x", entries.Keys);
        Assert.DoesNotContain(entries.Keys, entry => entry.StartsWith("proc/", StringComparison.Ordinal));
        Assert.Equal(125, (await PodspawnOci.Call(["export", "--output", file, name])).Status);
    }
}
