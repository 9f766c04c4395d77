using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The options of a volume or a bind mount, one by one; an option and its opposite in one mount are refused.</summary>
internal sealed record MountOptions
{
    /// <summary>Whether it is read-only; null where nothing says so.</summary>
    internal bool? ReadOnly { get; init; }

    /// <summary>Whether it takes nothing of what the image has at its destination; null where nothing says so.</summary>
    internal bool? NoCopy { get; init; }

    /// <summary>Whether what is mounted below it comes along; null where nothing says so.</summary>
    internal bool? Recursive { get; init; }

    /// <summary>Whether it is given to the container's user.</summary>
    internal bool ChangesOwner { get; init; }

    /// <summary><c>z</c> or <c>Z</c>: how SELinux is to label it.</summary>
    internal string? Relabel { get; init; }

    /// <summary>The mount flags.</summary>
    internal IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Every option, for did-you-mean.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        "ro", "rw", "z", "Z", "U", "nocopy", "copy", "bind", "rbind", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "private", "rprivate",
    ];

    /// <summary>The options with one more.</summary>
    /// <returns>The options, or what is wrong with the one.</returns>
    internal (MountOptions? Options, string? What) With(string option)
    {
        switch (option)
        {
            // Whichever were taken, the other one was meant as well: docker refuses it too.
            case "ro" or "rw" when ReadOnly is { } other && other != (option == "ro"):
                return (null, "has both ro and rw");
            case "ro" or "rw":
                return (this with { ReadOnly = option == "ro" }, null);
            case "z" or "Z" when Relabel is not null && Relabel != option:
                return (null, "has both z and Z");
            case "z" or "Z":
                return (this with { Relabel = option }, null);
            case "copy" or "nocopy" when NoCopy is { } other && other != (option == "nocopy"):
                return (null, "has both copy and nocopy");
            case "copy" or "nocopy":
                return (this with { NoCopy = option == "nocopy" }, null);
            case "bind" or "rbind" when Recursive is { } other && other != (option == "rbind"):
                return (null, "has both bind and rbind");
            case "bind" or "rbind":
                return (this with { Recursive = option == "rbind" }, null);
            case "U":
                return (this with { ChangesOwner = true }, null);
            // What a shared filesystem of another operating system would do; it means nothing here, as with docker.
            case "consistent" or "cached" or "delegated":
                return (this, null);
            case "O" or "idmap":
                return (null, $"has the option '{option}', which is not to be had");
            default:
                return MountFlags.GroupOf(option) is { } group ? WithFlag(option, group) : (null, $"has the unknown option '{option}'");
        }
    }

    private (MountOptions? Options, string? What) WithFlag(string flag, string group)
    {
        // A launch has a mount namespace of its own: what is mounted in it reaches nobody, and later mounts of the host do not reach it.
        if (group == "propagation" && flag is not ("private" or "rprivate"))
            return (null, $"asks for '{flag}', but no mount goes from a container to the host or back");
        if (group is not ("exec" or "suid" or "dev" or "propagation"))
            return (null, $"has the unknown option '{flag}'");
        return Flags.FirstOrDefault(other => other != flag && MountFlags.GroupOf(other) == group) is { } opposite
            ? (null, $"has both {opposite} and {flag}")
            : (Flags.Contains(flag) ? this : this with { Flags = [.. Flags, flag] }, null);
    }
}
