using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>Binds a state directory to the boot, the pid namespace and the very directory for which its records are valid.</summary>
internal static class StoreBinding
{
    /// <summary>The identity of the store in a state directory; null where there is none, or where it is of an earlier boot.</summary>
    /// <exception cref="ForeignStoreException">The store belongs to another place.</exception>
    internal static StoreIdentity? Read(StateLayout layout)
    {
        if (Written(layout) is not { } written)
            return null;
        StoreIdentity here = StoreIdentity.Here(written.Store, layout.RunDirectory);
        if (written == here)
            return written;
        if (written.Boot != here.Boot || IsEmpty(layout))
            return null;
        throw new ForeignStoreException(written.Place != here.Place
            ? $"{layout.RunDirectory}: is a copy of another store's, whose containers may live; nothing in it is touched: remove it, or mount a tmpfs over it"
            : $"{layout.RunDirectory}: its containers were made in another pid namespace, where process ids mean other processes; run podspawn-oci there, mount a tmpfs over it " +
                $"here, or remove it where none of them can live any more");
    }

    /// <summary>Makes the directory a store of this boot. The caller holds the store's lock.</summary>
    internal static void Establish(StateLayout layout)
    {
        if (layout.Identity is not null)
            return;
        StoreIdentity? before = Written(layout);
        StoreIdentity made = StoreIdentity.New(layout.RunDirectory);
        if (before is not null && before.Boot != made.Boot)
            made = TakeOver(layout, before, made);
        try
        {
            PendingFile.Write(layout.IdentityFile, Encoding.ASCII.GetBytes(made.Text));
        }
        catch (IOException e)
        {
            throw new IOException($"{layout.IdentityFile}: cannot be written: {e.Message}; make room, and its filesystem writable", e);
        }
        layout.Bind(made);
    }

    /// <summary>Checks that the store still has the identity that this process knows. The caller holds the store's lock.</summary>
    /// <exception cref="ContainerException">A process in another pid namespace has taken the store over while it was empty.</exception>
    internal static void Confirm(StateLayout layout)
    {
        if (Written(layout) != layout.Identity)
            throw new ContainerException($"{layout.RunDirectory}: became another pid namespace's store at this moment; mount a tmpfs over it here");
    }

    // A /run that outlived a boot. Its processes are gone and their numbers may belong to others by now, which the runtimes would not notice.
    private static StoreIdentity TakeOver(StateLayout layout, StoreIdentity before, StoreIdentity made)
    {
        // The layers move by one rename: of two copies of the directory one gets them, and continues under the old name, which the cgroups have too.
        StoreIdentity same = made with { Store = before.Store };
        string left = $"{layout.AllScratches}/{before.LayersName}";
        if (before.Host == made.Host && Directory.Exists(left))
        {
            Directory.Move(left, $"{layout.AllScratches}/{same.LayersName}");
            made = same;
        }
        foreach (string directory in Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
        {
            TreeRemoval.Remove($"{directory}/runtime");
            foreach (string name in new[] { "pid", "conmon.pid" })
                File.Delete($"{directory}/{name}");
            if (RecordJson.ReadState($"{directory}/state.json") is { } state)
                RecordJson.Write($"{directory}/state.json", state with { Process = null, Monitor = null, Restarter = null });
        }
        return made;
    }

    private static StoreIdentity? Written(StateLayout layout) => SmallFile.Read(layout.IdentityFile) is { } text ? StoreIdentity.Parse(text) : null;

    private static bool IsEmpty(StateLayout layout) => !Directory.Exists(layout.Containers) || !Directory.EnumerateFileSystemEntries(layout.Containers).Any();
}
