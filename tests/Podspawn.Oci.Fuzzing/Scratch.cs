namespace Podspawn.Oci.Fuzzing;

/// <summary>
/// A directory in memory for the files that a target reads and writes; it is removed when the process ends by itself. Nothing of the library is
/// called here: its instrumented code may only run where afl-fuzz has said where to count.
/// </summary>
internal static class Scratch
{
    private const string Memory = "/dev/shm";

    /// <summary>The directory, absolute.</summary>
    internal static string Root { get; } = Make();

    /// <summary>Writes a file there, and returns its path.</summary>
    internal static string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = $"{Root}/{name}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static string Make()
    {
        string parent = Directory.Exists(Memory) ? Memory : Path.GetTempPath().TrimEnd('/');
        string root = $"{parent}/podspawn-oci-fuzzing-{Environment.ProcessId}";
        Remove(root);
        Directory.CreateDirectory(root);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(root);
        return root;
    }

    private static void Remove(string root)
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }
}
