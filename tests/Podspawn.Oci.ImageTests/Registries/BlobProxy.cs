using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Podspawn.Oci.ImageTests.Registries;

/// <summary>The course of a blob's transfer.</summary>
internal enum Fate
{
    /// <summary>It is transferred completely.</summary>
    Whole,

    /// <summary>The connection is closed in the middle.</summary>
    Cut,

    /// <summary>Nothing is sent after the middle, and the connection stays open.</summary>
    Stalled,
}

/// <summary>A proxy before a registry without TLS that counts the requests, and makes transfers fail.</summary>
internal sealed class BlobProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Task accepting;

    internal BlobProxy(LoopbackRegistry registry)
    {
        target = registry.Port;
        listener.Start();
        accepting = Accept();
    }

    internal string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Decides about each GET of a blob, by its digest.</summary>
    internal Func<string, Fate> Decide { get; set; } = _ => Fate.Whole;

    /// <summary>Runs before each GET of a blob is passed on, with its digest.</summary>
    internal Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The number of requests for each blob.</summary>
    internal ConcurrentDictionary<string, int> Gets { get; } = new();

    /// <summary>Set when a transfer has stalled.</summary>
    internal TaskCompletionSource Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(Serve(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    // One request for each connection: each answer then ends where the registry's connection ends.
    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream near = client.GetStream();
                string head = await Head(near);
                // A client tries TLS first; a registry without TLS closes the connection.
                if (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                    return;
                string[] words = head.Split(' ', 3);
                string? digest = words[0] == "GET" && words[1].Contains("/blobs/", StringComparison.Ordinal) ? words[1][(words[1].LastIndexOf('/') + 1)..] : null;
                Fate fate = Fate.Whole;
                if (digest is not null)
                {
                    Gets.AddOrUpdate(digest, 1, (_, count) => count + 1);
                    fate = Decide(digest);
                    await Before(digest);
                }
                using var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                NetworkStream registry = far.GetStream();
                string asked = head.Insert(head.IndexOf("\r\n", StringComparison.Ordinal), "\r\nConnection: close");
                await registry.WriteAsync(Encoding.ASCII.GetBytes(asked), stop.Token);
                await Answer(registry, near, fate);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client was ended, or the test has ended.
        }
    }

    private async Task Answer(NetworkStream registry, NetworkStream near, Fate fate)
    {
        const int Middle = 4096;
        byte[] buffer = new byte[1024];
        int passed = 0;
        int got;
        while ((got = await registry.ReadAsync(buffer, stop.Token)) > 0)
        {
            await near.WriteAsync(buffer.AsMemory(0, got), stop.Token);
            passed += got;
            if (fate == Fate.Whole || passed < Middle)
                continue;
            if (fate == Fate.Stalled)
            {
                Stalled.TrySetResult();
                await Task.Delay(Timeout.Infinite, stop.Token);
            }
            return;
        }
    }

    private async Task<string> Head(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && (head.Length == 0 || char.IsAsciiLetterUpper(head[0]))
            && await stream.ReadAsync(one, stop.Token) == 1)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
