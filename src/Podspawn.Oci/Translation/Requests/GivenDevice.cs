namespace Podspawn.Oci.Translation.Requests;

/// <summary>A device of the host that a container is given, as it was when its file was opened.</summary>
/// <param name="HostPath">The path of its file on the host.</param>
/// <param name="Path">The path of its file in the container, below /dev.</param>
/// <param name="Opens">What the container may open.</param>
public sealed record GivenDevice(string HostPath, string Path, OpenedDevice Opens)
{
    /// <summary>The permission bits of its file on the host.</summary>
    public uint FileMode { get; init; }

    /// <summary>The owner of its file on the host.</summary>
    public uint Uid { get; init; }

    /// <summary>The group of its file on the host.</summary>
    public uint Gid { get; init; }
}

/// <summary>A device that a container may open, whatever file of it there is.</summary>
/// <param name="Type"><c>c</c> or <c>b</c>.</param>
/// <param name="Major">The major number.</param>
/// <param name="Minor">The minor number.</param>
/// <param name="Access">Any of <c>r</c>, <c>w</c>, <c>m</c> (to make a file of it), each at most once.</param>
public sealed record OpenedDevice(string Type, long Major, long Minor, string Access)
{
    /// <summary>All that can be allowed.</summary>
    public const string Everything = "rwm";

    /// <summary><c>c 10:229 rw</c>, as the kernel's device controller writes it.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Type} {Major}:{Minor} {Access}");
}
