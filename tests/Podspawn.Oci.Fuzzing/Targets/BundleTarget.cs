using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>The config.json of a bundle that contains a root filesystem, data, and links out of it.</summary>
internal static class BundleTarget
{
    private static readonly string Directory = Make();

    internal static FuzzTarget Target { get; } = new("bundle", [typeof(RootFilesystemException)], Read);

    private static void Read(byte[] input)
    {
        Scratch.Write("bundle/config.json", input);
        Bundle bundle;
        try
        {
            bundle = BundleReader.Read(Directory);
        }
        catch (RootFilesystemException e)
        {
            Promise.Hold(!e.Message.Any(char.IsControl), "a refusal is one line without control characters");
            return;
        }
        Promise.Hold(Path.IsPathFullyQualified(bundle.RootPath), "the root filesystem's path is absolute");
        Promise.Hold(bundle.Volumes.All(volume => ContainerPath.IsAtOrBelow(volume.Source, bundle.Directory)), "a volume of the bundle's own lies in it");
        Promise.Hold(bundle.HostVolumes.All(volume => !ContainerPath.IsAtOrBelow(volume.Source, bundle.Directory)), "a volume that lies in the bundle is its own");
        Promise.Hold(bundle.Volumes.Concat(bundle.HostVolumes).All(volume => volume.Options.Contains("nodev")), "no volume brings devices");
        Promise.Hold(bundle.Notes.All(note => !note.Text.Any(char.IsControl)), "a note is one line without control characters");
    }

    private static string Make()
    {
        string directory = $"{Scratch.Root}/bundle";
        System.IO.Directory.CreateDirectory($"{directory}/rootfs");
        System.IO.Directory.CreateDirectory($"{directory}/data");
        File.CreateSymbolicLink($"{directory}/link", "/etc");
        File.CreateSymbolicLink($"{directory}/null", "/dev/null");
        return directory;
    }
}
