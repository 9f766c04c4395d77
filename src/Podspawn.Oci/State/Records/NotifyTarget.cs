namespace Podspawn.Oci.State.Records;

/// <summary>Whom a service manager is told of when a container has started (sd_notify(3)).</summary>
public sealed record NotifyTarget
{
    /// <summary>Nobody is told anything.</summary>
    public static NotifyTarget Nobody { get; } = new();

    /// <summary>The directory inside in which a container finds the socket to say that it is ready.</summary>
    internal const string DirectoryInside = "/run/notify";

    /// <summary>The socket itself.</summary>
    internal const string SocketInside = $"{DirectoryInside}/notify.sock";

    /// <summary>Who says that the container is ready.</summary>
    public NotifyMode Mode { get; init; }

    /// <summary>The service manager's socket: an absolute path, or an abstract name behind <c>@</c>; null for none.</summary>
    public string? Socket { get; init; }

    /// <summary>Whether the container says itself that it is ready.</summary>
    internal bool IsForContainer => Mode == NotifyMode.Container && Socket is not null;
}

/// <summary>Who says that a container is ready (podman's <c>--sdnotify</c>).</summary>
public enum NotifyMode
{
    /// <summary>Nobody.</summary>
    Ignore,

    /// <summary>Its start, of its monitor.</summary>
    Conmon,

    /// <summary>The container.</summary>
    Container,
}
