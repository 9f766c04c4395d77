using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// The target of a file that the user has named: its directory, held open, and its name there. A directory on the way may be another user's, who
/// could put links into it that redirect our write anywhere: only our own links and root's are followed.
/// </summary>
internal sealed class OutputPlace : IDisposable
{
    private const int MostLinks = 40;

    private OutputPlace(SafeFileHandle directory, EntryName name, EntryFacts? there)
    {
        Directory = directory;
        Name = name;
        There = there;
    }

    /// <summary>The directory, opened with O_PATH.</summary>
    internal SafeFileHandle Directory { get; }

    /// <summary>The name in it; <c>.</c> or <c>..</c> where the path ends so.</summary>
    internal EntryName Name { get; }

    /// <summary>The existing entry with that name; null for none.</summary>
    internal EntryFacts? There { get; }

    /// <summary>Finds the target.</summary>
    /// <param name="path">The path as the calling thread sees it.</param>
    /// <param name="follow">Whether a link at its end stands for its target.</param>
    /// <exception cref="UnfitFileException">A directory on the way is missing, or a link on it is another user's.</exception>
    internal static OutputPlace Find(string path, bool follow)
    {
        var rest = new Stack<EntryName>();
        SafeFileHandle directory = Start(path.StartsWith('/'));
        try
        {
            Push(rest, EntryName.Of(path).Bytes);
            int links = 0;
            while (true)
            {
                EntryName name = rest.Count > 0 ? rest.Pop() : EntryName.Of(".");
                using SafeFileHandle? entry = EntryCalls.Open(directory, name, PathCalls.O_PATH, out int errno);
                bool isLast = rest.Count == 0;
                if (entry is null)
                    return isLast && errno == Errno.ENOENT ? Held(ref directory, name, null) : throw Failed(name, errno);
                EntryFacts facts = EntryFacts.Of(entry);
                if (facts.Type == FileKind.Link && (!isLast || follow))
                {
                    RequireTrusted(name, facts);
                    if (++links > MostLinks)
                        throw Failed(name, Errno.ELOOP);
                    ReadOnlySpan<byte> text = EntryCalls.ReadLink(entry).Bytes;
                    if (text.StartsWith("/"u8))
                        Replace(ref directory, Start(atRoot: true));
                    Push(rest, text);
                    continue;
                }
                if (isLast)
                    return Held(ref directory, name, facts);
                if (!facts.IsDirectory)
                    throw Failed(name, Errno.ENOTDIR);
                Replace(ref directory, DescriptorCalls.Duplicate(entry));
            }
        }
        finally
        {
            directory?.Dispose();
        }
    }

    public void Dispose() => Directory.Dispose();

    private static SafeFileHandle Start(bool atRoot) =>
        PathCalls.Open(atRoot ? "/" : ".", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw UnfitFileException.Of(errno);

    // The first name ends up on top.
    private static void Push(Stack<EntryName> rest, ReadOnlySpan<byte> path)
    {
        // A path that ends with a slash can only mean a directory.
        int end = path.Length;
        if (path.EndsWith("/"u8))
            rest.Push(EntryName.Of("."));
        for (int i = path.Length - 1; i >= -1; i--)
        {
            if (i >= 0 && path[i] != '/')
                continue;
            if (end > i + 1)
                rest.Push(EntryName.Of(path[(i + 1)..end]));
            end = i;
        }
    }

    private static void RequireTrusted(EntryName name, EntryFacts link)
    {
        if (link.Uid != 0 && link.Uid != ProcessCalls.EffectiveUser())
            throw new UnfitFileException($"leads through '{name.Text}', a symbolic link of another user's (uid {link.Uid}); name what it leads to, if that is what you want");
    }

    private static UnfitFileException Failed(EntryName name, int errno) =>
        new(errno == Errno.ENOENT ? $"there is no directory '{name.Text}' on the way" : $"'{name.Text}': {Errno.Text(errno)}", errno);

    private static OutputPlace Held(ref SafeFileHandle directory, EntryName name, EntryFacts? there)
    {
        var place = new OutputPlace(directory, name, there);
        directory = null!;
        return place;
    }

    private static void Replace(ref SafeFileHandle directory, SafeFileHandle by)
    {
        directory.Dispose();
        directory = by;
    }
}
