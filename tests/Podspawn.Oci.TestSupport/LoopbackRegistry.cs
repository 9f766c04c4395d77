using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.TestSupport;

/// <summary>A docker-registry for one test, on a port of the loopback device, with its own storage.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-registry-").FullName;
    private readonly CancellationTokenSource stop = new();
    private Task serving = Task.CompletedTask;

    private LoopbackRegistry(int port, bool tls) => (Port, Tls) = (port, tls);

    internal const string User = "me";
    internal const string Password = "secret";

    internal int Port { get; }

    internal bool Tls { get; }

    internal string Host => $"127.0.0.1:{Port}";

    /// <summary>The directory of its blobs and manifests.</summary>
    internal string Storage => $"{directory}/storage";

    /// <summary>A directory for <c>--cert-dir</c> that makes its certificate trusted.</summary>
    internal string Trusted => $"{directory}/trusted";

    /// <summary>A file for <c>--authfile</c> with a password.</summary>
    internal string AuthFile(string password)
    {
        string file = $"{directory}/auth-{password}.json";
        string login = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{password}"));
        File.WriteAllText(file, new JsonObject { ["auths"] = new JsonObject { [Host] = new JsonObject { ["auth"] = login } } }.ToJsonString());
        return file;
    }

    /// <param name="tls">Whether it uses TLS, with a self-signed certificate.</param>
    /// <param name="auth">Whether it requires the password.</param>
    /// <param name="limit">The time after which it ends by itself, in case its starter is killed; null for a quarter of an hour.</param>
    internal static async Task<LoopbackRegistry> Start(bool tls = false, bool auth = false, TimeSpan? limit = null)
    {
        var registry = new LoopbackRegistry(FreePort(), tls);
        await registry.Serve(auth, limit ?? TimeSpan.FromMinutes(15));
        return registry;
    }

    /// <summary>Pushes an image from one of skopeo's sources.</summary>
    internal async Task Push(string source, string name, params string[] flags)
    {
        string[] trust = Tls ? [$"--dest-cert-dir={Trusted}"] : ["--dest-tls-verify=false"];
        BufferedCommandResult result = await Cli.Wrap("skopeo")
            .WithArguments(["copy", "--quiet", $"--dest-authfile={AuthFile(Password)}", .. trust, .. flags, source, $"docker://{Host}/{name}"])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, result.StandardError);
    }

    /// <summary>The file with a blob's content in the registry's storage.</summary>
    internal string BlobFile(string digest)
    {
        string hex = digest.Split(':')[1];
        return $"{Storage}/docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data";
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await serving;
        }
        catch (OperationCanceledException)
        {
            // It was ended, as intended.
        }
        stop.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task Serve(bool auth, TimeSpan limit)
    {
        string secure = "", login = "";
        if (Tls)
        {
            MakeCertificate();
            secure = $", tls: {{certificate: {directory}/server.crt, key: {directory}/server.key}}";
        }
        if (auth)
        {
            BufferedCommandResult made = await Cli.Wrap("htpasswd").WithArguments(["-Bbn", User, Password]).ExecuteBufferedAsync();
            await File.WriteAllTextAsync($"{directory}/htpasswd", made.StandardOutput);
            login = $"auth: {{htpasswd: {{realm: test, path: {directory}/htpasswd}}}}\n";
        }
        await File.WriteAllTextAsync($"{directory}/config.yml", $"""
            version: 0.1
            log: {"{level: error, accesslog: {disabled: true}}"}
            storage: {"{filesystem: {rootdirectory: "}{Storage}{"}}"}
            {login}http: {"{"}addr: 127.0.0.1:{Port}{secure}{"}"}
            """);
        var error = new System.Text.StringBuilder();
        serving = Cli.Wrap("timeout").WithArguments(["--signal=KILL", $"{limit.TotalSeconds:F0}", "docker-registry", "serve", $"{directory}/config.yml"])
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(error)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error)).WithValidation(CommandResultValidation.None)
            .ExecuteAsync(stop.Token);
        for (DateTime end = DateTime.UtcNow + Patience; !await Answers(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < end && !serving.IsCompleted, $"the registry does not come up: {error}");
    }

    private async Task<bool> Answers()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText($"{directory}/server.crt", certificate.ExportCertificatePem());
        File.WriteAllText($"{directory}/server.key", key.ExportPkcs8PrivateKeyPem());
        Directory.CreateDirectory($"{directory}/trusted");
        File.Copy($"{directory}/server.crt", $"{directory}/trusted/ca.crt");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
