using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Copies files out of containers, and into them.</summary>
internal sealed class ContainerCopy(ContainerRegistry registry, CopyOptions options)
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    /// <summary>Copies. A path of the host must be absolute.</summary>
    /// <returns>The total size of the copied files in bytes; null where they go to the standard output.</returns>
    /// <exception cref="ContainerException">The source cannot be copied, or not to that target.</exception>
    internal long? Copy(CopyPlace from, CopyPlace to) => (from, to) switch
    {
        ({ Container: { } source }, { Container: { } target }) => CopyAcross(Place(source, from.Path), Place(target, to.Path)),
        ({ Container: null }, { Container: null }) => throw LifecycleErrors.Of("one of the two has to be a container's: write CONTAINER:PATH"),
        ({ Container: { } container }, _) => CopyOut(Place(container, from.Path), to),
        _ => CopyIn(from, Place(to.Container!, to.Path)),
    };

    // As in podman, a path of a container that does not begin at its root begins at its working directory.
    private (Container Container, string Path) Place(string name, string path)
    {
        Container container = registry.Find(name);
        return (container, path.StartsWith('/') ? path : $"{SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config)).Process.Cwd.TrimEnd('/')}/{path}");
    }

    private long CopyAcross((Container Container, string Path) from, (Container Container, string Path) to)
    {
        if (from.Container.Id == to.Container.Id)
            throw LifecycleErrors.Of($"both are container '{to.Container.Name}': copy within it by a command that it runs ({Operation.Exec}), or by way of the host");
        using FileMask mask = FileMask.HoldUsual();
        var trees = new ContainerTree(registry, options.Warn);
        long bytes = 0;
        void Use((Container Container, string Path) place, bool isWrite, Action<CopyTree> action) => trees.Use(place.Container, place.Path, isWrite, action);
        void Both(CopyTree source, CopyTree target)
        {
            using CopySource read = CopySource.Open(source, from.Path, options.FollowLink);
            using CopyTarget written = CopyTarget.Open(target, to.Path);
            bytes = Copy(read, written, options);
        }
        // Stopped ones are locked, always in the same order: another copy may go the other way.
        if (string.CompareOrdinal(from.Container.Id, to.Container.Id) < 0)
            Use(from, isWrite: false, source => Use(to, isWrite: true, target => Both(source, target)));
        else
            Use(to, isWrite: true, target => Use(from, isWrite: false, source => Both(source, target)));
        return bytes;
    }

    private long? CopyOut((Container Container, string Path) from, CopyPlace to)
    {
        (Container container, string path) = from;
        // Opened before another mount namespace is entered: these are the paths as the caller sees them.
        using CopyTarget? target = to.IsStream ? null : CopyTarget.OnHost(to.Path);
        RequireFile(target);
        long? bytes = null;
        new ContainerTree(registry, options.Warn).Use(container, path, isWrite: false, tree =>
        {
            using CopySource source = CopySource.Open(tree, path, options.FollowLink);
            if (target is null)
                WriteArchive(source);
            else
                bytes = Copy(source, target, options with { ToHost = true });
        });
        return bytes;
    }

    private long CopyIn(CopyPlace from, (Container Container, string Path) to)
    {
        (Container container, string path) = to;
        // What is made in a container is the container's: the directories above an archive's entries have the usual mode.
        using FileMask mask = FileMask.HoldUsual();
        using CopyTree host = CopyTree.Host();
        using CopySource? source = from.IsStream ? null : CopySource.Open(host, from.Path, options.FollowLink);
        long bytes = 0;
        new ContainerTree(registry, options.Warn).Use(container, path, isWrite: true, tree =>
        {
            if (source is null)
            {
                var archive = new TarExtraction(tree, path, options);
                using var given = ArchiveSource.Of(ArchiveSource.NameOf(ArchiveSource.StandardInput), new DescriptorStream(StandardInput));
                using var plain = new PlainArchive(given, new Dictionary<string, string?>(), _ => { }, CancellationToken.None);
                archive.Read(plain.Content);
                bytes = archive.Bytes;
                return;
            }
            using CopyTarget target = CopyTarget.Open(tree, path);
            bytes = Copy(source, target, options);
        });
        return bytes;
    }

    private void WriteArchive(CopySource source)
    {
        try
        {
            new TarCreation(new DescriptorStream(StandardOutput), options).Write(source);
        }
        catch (IOException e)
        {
            throw LifecycleErrors.Of($"standard output: {e.Message}; see that its reader takes all of it");
        }
    }

    private static long Copy(CopySource source, CopyTarget target, CopyOptions options)
    {
        using var copier = new TreeCopier(options);
        copier.Copy(source, target);
        return copier.Bytes;
    }

    // The copy would replace a device by a file.
    private static void RequireFile(CopyTarget? target)
    {
        if (target is not { Name: { } name, Exists: true })
            return;
        using Microsoft.Win32.SafeHandles.SafeFileHandle? there = EntryCalls.Open(target.Directory, name, PathCalls.O_PATH, out _);
        if (there is not null && EntryFacts.Of(there) is { Type: not FileKind.Regular } facts)
            throw CopyFailure.Invalid(target.Shown);
    }
}
