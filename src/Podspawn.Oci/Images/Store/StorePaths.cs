using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>The paths of an image store. Blobs and roots are named by their content, and are complete or absent: both are renamed from a staging directory.</summary>
/// <param name="Root">The store's directory, absolute.</param>
internal sealed record StorePaths(string Root)
{
    /// <summary>Blobs as an OCI image layout has them: <c>sha256/HEX</c>.</summary>
    internal string Blobs => $"{Root}/blobs";

    /// <summary>The directory of the blobs themselves.</summary>
    internal string BlobDirectory => $"{Blobs}/sha256";

    /// <summary>Unpacked images by the digest of their manifest.</summary>
    internal string Roots => $"{Root}/roots/sha256";

    /// <summary>The index of names.</summary>
    internal string Names => $"{Root}/names";

    /// <summary>Work in progress.</summary>
    internal string Stagings => $"{Root}/staging";

    /// <summary>The lock that is held while names, roots and staging directories are created and removed: never for long.</summary>
    internal string Lock => $"{Root}/lock";

    /// <summary>The lock for blobs: shared by processes that fetch or unpack, exclusive for one that removes blobs of no image.</summary>
    internal string BlobLock => $"{Root}/blobs.lock";

    /// <summary>A blob.</summary>
    internal string Blob(string digest) => $"{BlobDirectory}/{Digest.Hex(digest)}";

    /// <summary>Where an image's root filesystem really is, every link followed; null where there is none.</summary>
    internal string? RootOf(string digest) => Digest.IsValid(digest) ? RealPath.Of(Unpacked(digest).RootFilesystem) : null;

    /// <summary>An unpacked image.</summary>
    internal UnpackedPaths Unpacked(string digest) => new($"{Roots}/{Digest.Hex(digest)}");
}

/// <summary>The parts of an unpacked image.</summary>
/// <param name="Directory">Its directory.</param>
internal sealed record UnpackedPaths(string Directory)
{
    /// <summary>The root filesystem. Nothing writes to it any more.</summary>
    internal string RootFilesystem => $"{Directory}/rootfs";

    /// <summary>Where the root filesystem is mounted for people who look at it.</summary>
    internal string Mount => $"{Directory}/mount";

    /// <summary>The image's record.</summary>
    internal string Record => $"{Directory}/image.json";

    /// <summary>A directory with a file for each detached container that runs from the image, of any state directory.</summary>
    internal string Users => $"{Directory}/users";

    /// <summary>The image's lock: shared by the containers that run from it, exclusive for its removal. The file's time is when the image was last used.</summary>
    internal string Lock => $"{Directory}/lock";
}
