using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary><c>--init</c>: a static program from the host that becomes process 1, passes signals on and reaps the dead, as docker's does.</summary>
internal static class InitBinary
{
    // The path where podman mounts its own init.
    private const string Path = "/run/podspawn-init";

    // Searched in this order; all of them are static, since the container need not have a loader.
    private static readonly string[] Known = ["catatonit", "tini-static", "docker-init"];

    /// <summary>The program's path on the host; null where none is installed.</summary>
    internal static string? Find() => Known.Select(HostProgram.Find).FirstOrDefault(found => found is not null);

    /// <summary>The mount that brings the program into the container.</summary>
    /// <exception cref="ContainerException">None is installed.</exception>
    internal static VolumeMount Mount() => Find() is { } program
        ? new VolumeMount(program, Path, ReadOnly: true) { IsFile = true, Options = ["nosuid", "nodev"] }
        : throw new ContainerException($"{Setting.Init}: none of {string.Join(", ", Known)} is installed; install catatonit");

    /// <summary>The command, preceded by the program.</summary>
    internal static IReadOnlyList<string> Before(IReadOnlyList<string> command) => [Path, "--", .. command];

    /// <summary>The command without the program.</summary>
    internal static IReadOnlyList<string> Without(IReadOnlyList<string> arguments) => arguments is [Path, "--", ..] ? [.. arguments.Skip(2)] : arguments;
}
