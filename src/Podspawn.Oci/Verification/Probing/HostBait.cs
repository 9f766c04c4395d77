using System.Globalization;
using System.Net.Sockets;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Verification.Attacks;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// Small objects on the host that no container may reach: they exist for the time of a verification, under unique names. The socket goes with our
/// process and the key after a while; the next verification removes what else a killed one leaves.
/// </summary>
internal sealed class HostBait : IDisposable
{
    private const string SharedDirectory = "/dev/shm";
    private const string Prefix = "podspawn-oci-bait-";
    private const string Segments = "/proc/sysvipc/shm";
    private const uint SegmentPrefix = 0x50530000;
    private const uint PrefixMask = 0xFFFF0000;
    private const int MostTries = 8;
    private const int LargestTable = 4 << 20;

    private readonly Socket? socket;
    private readonly int? key;
    private readonly int? segment;
    private readonly string? file;

    private HostBait(TimeSpan timeout)
    {
        Sweep();
        string name = $"{Prefix}{Environment.ProcessId}-{ContainerId.NewRandom()}";
        socket = Listen(name);
        // Longer than the probe's timeout.
        key = IpcCalls.AddKey(name, (int)timeout.TotalSeconds + 60);
        file = Share(name);
        uint number = 0;
        for (int i = 0; i < MostTries && segment is null; i++)
            segment = IpcCalls.MakeSegment((int)(number = SegmentPrefix | (uint)Random.Shared.Next(1, 1 << 16)));
        Names = new HostBaitNames(
            socket is null ? null : name, key is null ? null : name, segment is null ? null : number.ToString(CultureInfo.InvariantCulture),
            file is null ? null : name, Environment.ProcessId);
    }

    /// <summary>The names of the objects.</summary>
    public HostBaitNames Names { get; }

    /// <summary>Creates the objects.</summary>
    /// <param name="timeout">The time limit of the verification.</param>
    public static HostBait Lay(TimeSpan timeout) => new(timeout);

    public void Dispose()
    {
        socket?.Dispose();
        if (key is { } known)
            IpcCalls.RemoveKey(known);
        if (segment is { } made)
            IpcCalls.RemoveSegment(made);
        if (file is not null)
            File.Delete(file);
    }

    private static Socket? Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static string? Share(string name)
    {
        string path = $"{SharedDirectory}/{name}";
        try
        {
            File.WriteAllText(path, name);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Removes what verifiers that were killed have left.
    private static void Sweep()
    {
        if (!Directory.Exists(SharedDirectory))
            return;
        foreach (string path in Directory.EnumerateFiles(SharedDirectory, $"{Prefix}*"))
        {
            string maker = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (maker.Length > 0 && maker.All(char.IsAsciiDigit) && !Directory.Exists($"/proc/{maker}"))
                File.Delete(path);
        }
        // key shmid perms size cpid lpid nattch ... (proc_sysvipc(5))
        foreach (string line in (SmallFile.Read(Segments, LargestTable) ?? "").Split('\n').Skip(1))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var key, var id, _, var size, var maker, ..]
                && int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && ((uint)number & PrefixMask) == SegmentPrefix
                && size == Environment.SystemPageSize.ToString(CultureInfo.InvariantCulture) && !Directory.Exists($"/proc/{maker}"))
            {
                IpcCalls.RemoveSegment(int.Parse(id, CultureInfo.InvariantCulture));
            }
        }
    }
}
