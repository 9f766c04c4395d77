namespace Podspawn.Oci.RootFilesystems;

/// <summary>What takes a container's writes; docker's and podman's word for it.</summary>
public enum StorageDriver
{
    /// <summary>The first of the others that this host has.</summary>
    Auto,

    /// <summary>The kernel's overlayfs.</summary>
    Overlay,

    /// <summary>fuse-overlayfs(1).</summary>
    FuseOverlayfs,

    /// <summary>A copy of the root filesystem.</summary>
    Copy,
}
