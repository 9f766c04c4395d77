using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>The configs of a matrix as files that its cells can open and that have no name: whatever ends us, no file is left behind.</summary>
internal sealed class ConfigHandles : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> handles = [];

    public ConfigHandles(IReadOnlyList<MatrixConfig> configs)
    {
        foreach (MatrixConfig config in configs)
        {
            SafeFileHandle handle = DescriptorCalls.MemoryFile($"config-{config.Name}");
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(ConfigText.Of(config.Config)), 0);
            handles[config.Name] = handle;
        }
    }

    /// <summary>A path by which another process can open the config.</summary>
    public string PathOf(string config) =>
        EntryCalls.PathInProcess(handles[config]);

    public void Dispose()
    {
        foreach (SafeFileHandle handle in handles.Values)
            handle.Dispose();
    }
}
