using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Images.Store;

/// <summary>
/// Where the parts of an image store lie. Blobs and roots are named by their content and are whole or not there at all: both come
/// by rename from a staging directory.
/// </summary>
/// <param name="Root">The store's directory, absolute.</param>
internal sealed record StorePaths(string Root)
{
    /// <summary>Blobs as an OCI image layout has them: <c>sha256/HEX</c>.</summary>
    internal string Blobs => $"{Root}/blobs";

    /// <summary>The directory of the blobs themselves.</summary>
    internal string BlobDirectory => $"{Blobs}/sha256";

    /// <summary>Unpacked images by the digest of their manifest.</summary>
    internal string Roots => $"{Root}/roots/sha256";

    /// <summary>What names stand for.</summary>
    internal string Names => $"{Root}/names";

    /// <summary>Work in progress.</summary>
    internal string Stagings => $"{Root}/staging";

    /// <summary>Held while names, roots and stagings come and go: never for long.</summary>
    internal string Lock => $"{Root}/lock";

    /// <summary>Shared by whoever fetches or unpacks; owned by whoever removes blobs that no image has.</summary>
    internal string BlobLock => $"{Root}/blobs.lock";

    /// <summary>A blob.</summary>
    internal string Blob(string digest) => $"{BlobDirectory}/{Digest.Hex(digest)}";

    /// <summary>An unpacked image.</summary>
    internal UnpackedPaths Unpacked(string digest) => new($"{Roots}/{Digest.Hex(digest)}");
}

/// <summary>The parts of an unpacked image.</summary>
/// <param name="Directory">Its directory.</param>
internal sealed record UnpackedPaths(string Directory)
{
    /// <summary>The root filesystem. Nothing writes to it any more.</summary>
    internal string RootFilesystem => $"{Directory}/rootfs";

    /// <summary>What is remembered of the image.</summary>
    internal string Record => $"{Directory}/image.json";

    /// <summary>A file for each container that is kept and runs from it, whatever state directory it is in.</summary>
    internal string Users => $"{Directory}/users";

    /// <summary>Shared by the containers that run from it; owned by whoever removes it. Its time is when the image was last used.</summary>
    internal string Lock => $"{Directory}/lock";
}
