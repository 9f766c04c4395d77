using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Tells what takes the container's writes where it is not an overlay.</summary>
internal static class ScratchNotes
{
    internal static Note Of(StorageDriver driver, string why) => new(
        "rootfs", NoteSeverity.Differently,
        $"{why}: {(driver == StorageDriver.Copy ? "a copy of the root filesystem" : "fuse-overlayfs")} takes what the container writes");
}
