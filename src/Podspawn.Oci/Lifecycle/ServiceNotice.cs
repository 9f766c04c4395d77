using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Tells a service manager that a container has started (sd_notify(3)).</summary>
internal static class ServiceNotice
{
    /// <summary>Names the monitor as the service's main process; with it, that it is ready, unless the container says so itself.</summary>
    /// <param name="target">Who is told.</param>
    /// <param name="monitor">The process that ends when the container has ended.</param>
    /// <returns>Why it could not be told; null where it was.</returns>
    internal static string? Send(NotifyTarget target, ProcessIdentity monitor)
    {
        if (target.Mode == NotifyMode.Ignore || target.Socket is not { } place)
            return null;
        string text = string.Create(CultureInfo.InvariantCulture, $"MAINPID={monitor.Pid}");
        if (target.Mode == NotifyMode.Conmon)
            text += "\nREADY=1";
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An abstract name begins with a NUL to the kernel (unix(7)).
            socket.Connect(new UnixDomainSocketEndPoint(place[0] == '@' ? $"\0{place[1..]}" : place));
            socket.Send(Encoding.UTF8.GetBytes(text));
            return null;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return e.Message;
        }
    }
}
