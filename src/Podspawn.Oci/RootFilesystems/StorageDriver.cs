namespace Podspawn.Oci.RootFilesystems;

/// <summary>The driver for a container's writes; docker and podman call it so.</summary>
public enum StorageDriver
{
    /// <summary>The first of the others that works on this host.</summary>
    Auto,

    /// <summary>The kernel's overlayfs.</summary>
    Overlay,

    /// <summary>fuse-overlayfs(1).</summary>
    FuseOverlayfs,

    /// <summary>A copy of the root filesystem.</summary>
    Copy,
}
