using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Native;

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
        ({ Container: { } source }, { Container: { } target }) => CopyAcross((registry.Find(source), from.Path), (registry.Find(target), to.Path)),
        ({ Container: null }, { Container: null }) => throw LifecycleErrors.Of("one of the two has to be a container's: write CONTAINER:PATH"),
        ({ Container: { } container }, _) => CopyOut(registry.Find(container), from.Path, to),
        _ => CopyIn(from, registry.Find(to.Container!), to.Path),
    };

    private long? CopyOut(Container container, string path, CopyPlace to)
    {
        // Opened before another mount namespace is entered: these are the paths as the caller sees them.
        RequireFileOrDirectory(to);
        using CopyTarget? target = to.IsStream ? null : CopyTarget.OnHost(to.Path);
        RequireFile(target);
        long? bytes = null;
        new ContainerTree(registry, options.Warn).Use(container, path, isWrite: false, (tree, full) =>
        {
            using CopySource source = CopySource.Open(tree, full, options.FollowLink);
            if (target is null)
                WriteArchive(source);
            else
                bytes = Copy(source, target, options with { ToHost = true });
        });
        return bytes;
    }

    private long CopyIn(CopyPlace from, Container container, string path)
    {
        // What is made in a container is the container's: the directories above an archive's entries have the usual mode.
        using FileMask mask = FileMask.HoldUsual();
        using CopyTree host = CopyTree.Host();
        using CopySource? source = from.IsStream || from.Path == "/dev/stdin" ? null : CopySource.Open(host, from.Path, options.FollowLink);
        long bytes = 0;
        new ContainerTree(registry, options.Warn).Use(container, path, isWrite: true, (tree, full) =>
        {
            if (source is null)
            {
                var archive = new TarExtraction(tree, full, options);
                using var given = ArchiveSource.Of(ArchiveSource.NameOf(ArchiveSource.StandardInput), new DescriptorStream(StandardInput));
                using var plain = new PlainArchive(given, new Dictionary<string, string?>(), _ => { }, CancellationToken.None);
                archive.Read(plain.Content);
                bytes = archive.Bytes;
                return;
            }
            using CopyTarget target = CopyTarget.Open(tree, full);
            bytes = Copy(source, target, options);
        });
        return bytes;
    }

    private long CopyAcross((Container Container, string Path) from, (Container Container, string Path) to)
    {
        if (from.Container.Id == to.Container.Id)
            throw LifecycleErrors.Of($"both are the container '{from.Container.Name}'; copy in it with a command of its own: {Operation.Exec} {from.Container.Name} cp ...");
        using FileMask mask = FileMask.HoldUsual();
        var trees = new ContainerTree(registry, options.Warn);
        long bytes = 0;
        void Copy(CopyTree source, string read, CopyTree target, string written)
        {
            using CopySource file = CopySource.Open(source, read, options.FollowLink);
            using CopyTarget place = CopyTarget.Open(target, written);
            // A program that one container's user has made setuid becomes root's in the other, as it would on the host.
            bytes = ContainerCopy.Copy(file, place, options with { ToHost = true });
        }
        // Both may have to be locked: the one with the lower id always first, so that two copies never wait for each other.
        if (string.CompareOrdinal(from.Container.Id, to.Container.Id) < 0)
            trees.Use(from.Container, from.Path, isWrite: false, (source, read) =>
                trees.Use(to.Container, to.Path, isWrite: true, (target, written) => Copy(source, read, target, written)));
        else
            trees.Use(to.Container, to.Path, isWrite: true, (target, written) =>
                trees.Use(from.Container, from.Path, isWrite: false, (source, read) => Copy(source, read, target, written)));
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

    // A device is nothing that a copy could replace, whatever links lead to it.
    private static void RequireFileOrDirectory(CopyPlace to)
    {
        if (!to.IsStream && FileStatus.Of(to.Path, out FileStatus there) && (there.Mode & FileKind.TypeMask) is not (FileKind.Regular or FileKind.Directory))
            throw LifecycleErrors.Of($"invalid destination: \"{CopyFailure.Clean(to.Path)}\" must be a directory or a regular file");
    }

    // The copy would replace a device by a file.
    private static void RequireFile(CopyTarget? target)
    {
        if (target is not { Name: { } name, Exists: true })
            return;
        using Microsoft.Win32.SafeHandles.SafeFileHandle? there = EntryCalls.Open(target.Directory, name, PathCalls.O_PATH, out _);
        if (there is not null && EntryFacts.Of(there) is { Type: not FileKind.Regular } facts)
            throw CopyFailure.Of(target.Shown, $"is a {facts.Kind}; name a file or a directory, or - for the standard output");
    }
}
