using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A docker-registry on the loopback device.</summary>
internal sealed class BenchRegistry : IDisposable
{
    private readonly Process process;

    internal BenchRegistry(string work)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Host = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        }
        File.WriteAllText($"{work}/registry.yml", $"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {work}/registry}}}}\nhttp: {{addr: {Host}}}\n");
        process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", $"{work}/registry.yml"]) { RedirectStandardError = true })!;
        // It logs every blob that a push asks for in vain; a full pipe would hold it up.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        for (DateTime end = DateTime.UtcNow.AddSeconds(30); !Answers(); Thread.Sleep(20))
        {
            if (process.HasExited || DateTime.UtcNow > end)
                throw new InvalidOperationException("docker-registry does not come up");
        }
    }

    internal string Host { get; }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPEndPoint.Parse(Host));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
