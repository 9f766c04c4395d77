using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>An archive that is unpacked in a container's root, which already contains links out of it. Everything beside the root stays unchanged.</summary>
internal static class ArchiveTarget
{
    private static readonly string Place = $"{Scratch.Root}/archive";
    private static readonly string Root = $"{Place}/root";
    private static readonly string Beside = $"{Place}/beside";

    private const UnixFileMode Unusual = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;

    internal static FuzzTarget Target { get; } = new("archive", [typeof(ContainerException)], Read);

    private static void Read(byte[] input)
    {
        Make();
        string[] before = [.. Facts()];
        try
        {
            Unpack(Scratch.Write("archive.tar", input));
        }
        finally
        {
            string[] after = [.. Facts()];
            TreeRemoval.Remove(Place);
            Promise.Hold(before.SequenceEqual(after), $"nothing outside of the root changes: {string.Join("; ", after)}");
        }
    }

    private static void Unpack(string archive)
    {
        using SafeFileHandle file = RegularFile.Open(archive);
        using var tree = new CopyTree(Open(Root), "container:");
        new TarExtraction(tree, "/", new CopyOptions { Archive = true }).Read(new DescriptorStream((int)file.DangerousGetHandle()));
    }

    private static void Make()
    {
        TreeRemoval.Remove(Place);
        Directory.CreateDirectory($"{Root}/etc");
        Directory.CreateDirectory(Beside);
        File.WriteAllText($"{Beside}/secret", "secret");
        File.CreateSymbolicLink($"{Root}/out", Beside);
        File.CreateSymbolicLink($"{Root}/up", "../beside");
        // A mode that no archive sets, so that a change shows.
        File.SetUnixFileMode(Place, Unusual);
        File.SetUnixFileMode(Beside, Unusual);
        Directory.SetLastWriteTimeUtc(Place, DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(Beside, DateTime.UnixEpoch);
    }

    // The facts of everything outside of the root, and of the root itself: names, kinds, owners, permissions, contents.
    private static IEnumerable<string> Facts()
    {
        string[] paths = [Place, .. Directory.EnumerateFileSystemEntries(Place).Order(), .. Directory.EnumerateFileSystemEntries(Beside).Order()];
        foreach (string path in paths)
        {
            using SafeFileHandle there = Open(path);
            EntryFacts facts = EntryFacts.Of(there);
            string time = path == Root ? "" : $"{facts.Modified}";
            yield return string.Create(CultureInfo.InvariantCulture, $"{path} {facts.Kind} {facts.Permissions:x} {facts.Uid}:{facts.Gid} {time}");
        }
        yield return File.ReadAllText($"{Beside}/secret");
    }

    private static SafeFileHandle Open(string path) => PathCalls.Open(path, PathCalls.O_PATH, out int errno) ?? throw new IOException(Errno.Text(errno));
}
