namespace Podspawn.Oci.Tests.Host;

/// <summary>A directory with the files of a cgroup, as the kernel writes them.</summary>
internal sealed class TemporaryCgroup : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    internal string Mount => directory.Path;

    /// <summary>Writes one file, relative to where cgroups are mounted.</summary>
    internal TemporaryCgroup With(string file, string text)
    {
        directory.Write(file, text);
        return this;
    }

    public void Dispose() => directory.Dispose();
}
