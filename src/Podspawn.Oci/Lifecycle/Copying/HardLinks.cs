using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Remembers the copies of files that have several names, so that the copy has several names as well.</summary>
internal sealed class HardLinks : IDisposable
{
    // Each remembered file costs a descriptor; beyond this number every name gets a copy of its own.
    private const int Most = 128;

    private readonly Dictionary<((uint, uint) Device, ulong Inode), SafeFileHandle> copies = [];

    internal SafeFileHandle? Find(EntryFacts facts) => copies.GetValueOrDefault((facts.Device, facts.Inode));

    internal void Add(EntryFacts facts, SafeFileHandle copy)
    {
        if (copies.Count < Most)
            copies.TryAdd((facts.Device, facts.Inode), DescriptorCalls.Duplicate(copy));
    }

    public void Dispose()
    {
        foreach (SafeFileHandle copy in copies.Values)
            copy.Dispose();
    }
}
