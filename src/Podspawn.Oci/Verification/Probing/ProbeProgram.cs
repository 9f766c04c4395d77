using System.Runtime.InteropServices;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// The probe's program in a container: a static program that our own contains as a resource, on a separate tmpfs that is bind-mounted read-only into
/// the container. A tmpfs, since the host's directories may be mounted nosuid, and the set-user-id copy would then prove nothing.
/// </summary>
internal static class ProbeProgram
{
    /// <summary>The directory of the program in the container.</summary>
    public const string Directory = Places.Probe;

    /// <summary>The path of the program in the container.</summary>
    public const string Path = $"{Directory}/probe";

    /// <summary>The owner of the set-user-id copy, a user that no container runs as; the probe has the same constant.</summary>
    public const uint Stranger = 65533;

    private const string Resource = "podspawn-probe";

    /// <summary>The bind mount of the program.</summary>
    public static VolumeMount MountOf(ContainerPaths paths) => new(SourceOf(paths), Directory, ReadOnly: true);

    /// <summary>Creates the program's tmpfs, in the calling thread's mount namespace.</summary>
    /// <exception cref="ContainerException">The host does not permit it.</exception>
    public static void Place(ContainerPaths paths)
    {
        string source = SourceOf(paths);
        Require(PathCalls.Mkdir(source, FileModes.PublicDirectory), source);
        Require(MountCalls.Mount("tmpfs", source, "tmpfs", MountCalls.MS_NODEV, "mode=755,size=4m"), source);
        Write($"{source}/probe");
        Write($"{source}/setuid-probe");
        Require(PathCalls.Chmod($"{source}/probe", FileModes.ReadOnlyProgram), source);
        Require(PathCalls.Chown($"{source}/setuid-probe", Stranger, Stranger), source);
        Require(PathCalls.Chmod($"{source}/setuid-probe", UnixFileMode.SetUser | FileModes.ReadOnlyProgram), source);
        Require(PathCalls.Mkdir($"{source}/{ProbeVolume.Name}", FileModes.PublicDirectory), source);
    }

    /// <summary>Unmounts the tmpfs.</summary>
    public static void Remove(ContainerPaths paths) => _ = MountCalls.Umount(SourceOf(paths), MountCalls.MNT_DETACH);

    private static string SourceOf(ContainerPaths paths) => $"{paths.Scratch}/probe";

    private static void Write(string path)
    {
        using Stream program = typeof(ProbeProgram).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("the probe's program is not part of this build");
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        program.CopyTo(file);
    }

    private static void Require(int result, string path)
    {
        if (result != 0)
            throw new ContainerException($"{path}: cannot place the probe: {Errno.Text(Marshal.GetLastPInvokeError())}; check that the filesystem is writable and has room");
    }
}
