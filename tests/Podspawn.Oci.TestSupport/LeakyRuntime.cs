namespace Podspawn.Oci.TestSupport;

/// <summary>
/// A runtime that has a directory of the host open as descriptor 8 when it enters the working directory, like runc before 1.1.12 (CVE-2024-21626).
/// That directory contains a secret, which no container may read.
/// </summary>
internal sealed class LeakyRuntime : IDisposable
{
    /// <summary>The link that leads to the host, for a process that has the descriptor.</summary>
    internal const string WayOut = "/proc/self/fd/8";

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-leak-").FullName;

    internal LeakyRuntime(string runtime)
    {
        Directory.CreateDirectory($"{directory}/host");
        File.WriteAllText($"{directory}/host/secret", $"{Secret}\n");
        File.WriteAllText(Program, $"#!/bin/sh\nexec 8<{directory}/host\nexec {runtime} \"$@\"\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    internal string Secret { get; } = $"secret-{Guid.NewGuid():N}";

    internal string Program => $"{directory}/runtime";

    /// <summary>A directory of the host that may be mounted into several containers.</summary>
    internal string Volume => Directory.CreateDirectory($"{directory}/volume").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
