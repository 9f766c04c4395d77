namespace Podspawn.Oci.Launching.Planning;

/// <summary>What becomes of the volumes that an image declares.</summary>
public enum ImageVolumeMode
{
    /// <summary>Volumes without a name, with what the image has there.</summary>
    Volume,

    /// <summary>Empty tmpfs mounts.</summary>
    Tmpfs,

    /// <summary>Nothing: the paths are the image's own.</summary>
    None,
}
