using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>
/// A directory for work in progress, locked by this process. Nothing in it counts until it is renamed to its final place; when the holder dies, the
/// next command that opens the store removes it.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly StorePaths paths;
    private readonly FileLock held;

    private Staging(StorePaths paths, string directory, FileLock held)
    {
        this.paths = paths;
        Directory = directory;
        this.held = held;
    }

    /// <summary>The directory.</summary>
    internal string Directory { get; }

    /// <summary>The directory for temporary files of the programs that work here: it is removed with the staging directory, and counts towards the size limit.</summary>
    internal string Temporary => $"{Directory}/tmp";

    /// <summary>The variables that differ in the environment of the programs that work here: the mark of their owner, and the directory for temporary files.</summary>
    internal IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { [ProcessMarks.Staging] = Directory, ["TMPDIR"] = Temporary };

    /// <summary>Creates a staging directory. The store's directories must exist.</summary>
    internal static Staging Begin(StorePaths paths)
    {
        using FileLock store = FileLock.Take(paths.Lock);
        string directory = $"{paths.Stagings}/{Guid.NewGuid():N}";
        PrivateDirectory.Make(directory, $"{directory}/tmp");
        return new Staging(paths, directory, FileLock.Take($"{directory}/lock"));
    }

    /// <summary>
    /// Waits until no other process works on the same thing, then claims it. A process claims a source first and a digest later, and never waits for
    /// anything once it has claimed a digest, so there is no deadlock.
    /// </summary>
    /// <returns>Whether there was another process to wait for: then the image may exist by now.</returns>
    internal bool Claim(string kind, string value)
    {
        bool waited = false;
        while (true)
        {
            string? other;
            using (FileLock store = FileLock.Take(paths.Lock))
            {
                other = Others(kind, value).FirstOrDefault();
                if (other is null)
                {
                    File.WriteAllText($"{Directory}/{kind}", value);
                    return waited;
                }
            }
            waited = true;
            // The holder has the lock as long as it lives; the directory may be gone by now.
            FileLock.ShareExisting($"{other}/lock")?.Dispose();
        }
    }

    /// <summary>Removes what dead holders left behind, and ends the programs that still work for them.</summary>
    internal static void Sweep(StorePaths paths)
    {
        if (FileKind.HasNoSubdirectories(paths.Stagings))
            return;
        foreach (string directory in System.IO.Directory.GetDirectories(paths.Stagings))
        {
            // Checked without the store's lock, for a directory that is plainly in use.
            if (IsHeld(directory))
                continue;
            using FileLock store = FileLock.Take(paths.Lock);
            if (!System.IO.Directory.Exists(directory) || FileLock.TryTake($"{directory}/lock", create: true) is not { } claim)
                continue;
            using (claim)
                Remove(directory);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Remove(Directory);
        held.Dispose();
    }

    private static void Remove(string directory)
    {
        MarkedProcesses.End(ProcessMarks.Staging, directory);
        TreeRemoval.Remove(directory);
    }

    private IEnumerable<string> Others(string kind, string value) =>
        System.IO.Directory.GetDirectories(paths.Stagings)
            .Where(directory => directory != Directory && SmallFile.Read($"{directory}/{kind}") == value && IsHeld(directory));

    private static bool IsHeld(string directory)
    {
        using FileLock? free = FileLock.TryTake($"{directory}/lock");
        return free is null && File.Exists($"{directory}/lock");
    }
}
