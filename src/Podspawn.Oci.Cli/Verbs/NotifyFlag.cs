using System.CommandLine;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>podman's <c>--sdnotify</c>; without it nobody is told, since the socket is the host's.</summary>
internal static class NotifyFlag
{
    // The longest name of a socket (unix(7)).
    private const int LongestSocket = 107;

    private static readonly string[] Modes = ["ignore", "conmon", "container"];

    internal static Option<string?> Create() => new("--sdnotify") { HelpName = "ignore|conmon|container",
        Description = "Who tells the service manager at NOTIFY_SOCKET that it is ready: nobody (default), its start, or the container itself" };

    /// <summary>The word for a mode.</summary>
    internal static string WordOf(NotifyMode mode) => Modes[(int)mode];

    /// <summary>Reads it, and the caller's variable.</summary>
    /// <exception cref="UsageException">One of them is wrong.</exception>
    internal static NotifyTarget Read(string? text)
    {
        int mode = text is { Length: > 0 } ? Array.IndexOf(Modes, text) : 0;
        if (mode < 0)
            throw new UsageException($"--sdnotify: '{text}' is not to be had; use {string.Join(", ", Modes)}");
        if (mode == 0)
            return NotifyTarget.Nobody;
        string? socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } named ? named : null;
        if (socket is not null && (socket[0] is not ('/' or '@') || socket.Length is < 2 or > LongestSocket || socket.Any(char.IsControl)))
            throw new UsageException($"--sdnotify: NOTIFY_SOCKET is '{socket}', which is no absolute path and no abstract name; unset it, or let the service manager set it");
        return new NotifyTarget { Mode = (NotifyMode)mode, Socket = socket };
    }
}
