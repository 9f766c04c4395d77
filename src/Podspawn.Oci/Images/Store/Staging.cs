using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>
/// A directory for work in progress, held by this process. What lies in it counts for nothing until it is renamed to its place; when the
/// holder dies, the next command that comes to the store removes it.
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

    /// <summary>Where the programs that work here put their temporary files: they go with it, and take of the room that the limits are for.</summary>
    internal string Temporary => $"{Directory}/tmp";

    /// <summary>What is special in the environment of the programs that work here: whose they are, and where they may leave something.</summary>
    internal IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { [ProcessMarks.Staging] = Directory, ["TMPDIR"] = Temporary };

    /// <summary>Makes one. The store's directories exist.</summary>
    internal static Staging Begin(StorePaths paths)
    {
        using FileLock store = FileLock.Take(paths.Lock);
        string directory = $"{paths.Stagings}/{Guid.NewGuid():N}";
        PrivateDirectory.Make(directory, $"{directory}/tmp");
        return new Staging(paths, directory, FileLock.Take($"{directory}/lock"));
    }

    /// <summary>
    /// Waits until nobody else works on the same thing, then says that we do. A worker claims a source first and a digest later, and never
    /// waits for anything once it has a digest: no two can wait for each other.
    /// </summary>
    /// <returns>Whether somebody else had to be waited for: what is wanted may be there by now.</returns>
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
            // The lock is its holder's as long as that lives; the directory may be gone by now.
            FileLock.ShareExisting($"{other}/lock")?.Dispose();
        }
    }

    /// <summary>Removes what dead holders left, and ends what still works for them.</summary>
    internal static void Sweep(StorePaths paths)
    {
        if (FileKind.HasNoSubdirectories(paths.Stagings))
            return;
        foreach (string directory in System.IO.Directory.GetDirectories(paths.Stagings))
        {
            // Without the store's lock where it is plainly in use.
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
