using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Two roots to copy between, and a third directory that neither may reach.</summary>
internal sealed class CopyBench : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    internal CopyBench()
    {
        foreach (string name in new[] { "source", "target", "host" })
            directory.Make(name);
        Write(Host, "secret", "secret");
    }

    internal string Source => $"{directory.Path}/source";

    internal string Target => $"{directory.Path}/target";

    internal string Host => $"{directory.Path}/host";

    internal List<string> Warnings { get; } = [];

    public void Dispose()
    {
        // .NET's own removal cannot handle names that are not text.
        TreeRemoval.Remove(Source);
        TreeRemoval.Remove(Target);
        directory.Dispose();
    }

    internal static void Write(string root, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{path}")!);
        File.WriteAllText($"{root}/{path}", text);
    }

    internal long Copy(string source, string target, CopyOptions? options = null)
    {
        using CopyTree from = Open(Source), to = Open(Target);
        using CopyTarget there = CopyTarget.Open(to, target);
        using CopySource what = CopySource.Open(from, source, options?.FollowLink == true);
        using var copier = new TreeCopier((options ?? new CopyOptions()) with { Warn = Warnings.Add });
        copier.Copy(what, there);
        return copier.Bytes;
    }

    internal byte[] Archive(string source)
    {
        using CopyTree from = Open(Source);
        using CopySource what = CopySource.Open(from, source, followLink: false);
        using var archive = new MemoryStream();
        new TarCreation(archive, new CopyOptions { Warn = Warnings.Add }).Write(what);
        return archive.ToArray();
    }

    internal void Extract(byte[] archive, string target, CopyOptions? options = null)
    {
        using CopyTree to = Open(Target);
        new TarExtraction(to, target, (options ?? new CopyOptions()) with { Warn = Warnings.Add }).Read(new MemoryStream(archive));
    }

    internal static CopyTree Open(string path) =>
        new(OpenFiles.Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY), "c:");

    /// <summary>Asserts that nothing was written to the host's directory, and that nothing of it was copied.</summary>
    internal void AssertHostUntouched()
    {
        Assert.Equal([$"{Host}/secret"], Directory.GetFileSystemEntries(Host));
        Assert.Equal("secret", File.ReadAllText($"{Host}/secret"));
        foreach (string file in Directory.EnumerateFiles(Target, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            Assert.NotEqual("secret", File.ReadAllText(file));
    }
}
