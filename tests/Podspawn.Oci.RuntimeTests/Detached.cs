namespace Podspawn.Oci.RuntimeTests;

/// <summary>A detached container of a test, gone with it.</summary>
internal sealed class Detached : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private Detached(string name) => Name = name;

    internal string Name { get; }

    /// <summary><c>run --detach</c> of a shell script on the busybox root filesystem.</summary>
    internal static Task<Detached> Run(string runtime, string[] flags, string script) => Make("run", runtime, ["--detach", .. flags], script);

    /// <summary><c>create</c> of the same.</summary>
    internal static Task<Detached> Create(string runtime, string[] flags, string script) => Make("create", runtime, flags, script);

    /// <summary>Any verb with arguments in which <c>{}</c> stands for the container's name.</summary>
    internal Task<Outcome> Do(params string[] arguments) => Podspawn.Call([.. arguments.Select(word => word.Replace("{}", Name, StringComparison.Ordinal))]);

    /// <summary>Waits until the container has written a text.</summary>
    internal async Task Says(string text)
    {
        for (DateTime end = DateTime.UtcNow + Timeout; ; await Task.Delay(20))
        {
            Outcome logs = (await Do("logs", "{}")).Succeeded();
            if (logs.Text.Contains(text, StringComparison.Ordinal))
                return;
            Assert.True(DateTime.UtcNow < end, $"it never said '{text}', but: {logs.Text}{logs.Error}");
        }
    }

    /// <summary>Kills it, and waits for its end.</summary>
    internal async Task Ends()
    {
        (await Do("kill", "{}")).Succeeded();
        (await Do("wait", "{}")).Succeeded();
    }

    public async ValueTask DisposeAsync() => await Do("rm", "--force", "{}");

    private static async Task<Detached> Make(string verb, string runtime, string[] flags, string script)
    {
        var container = new Detached($"detached-{runtime}-{Guid.NewGuid():N}"[..30]);
        string[] root = flags.Contains("--rootfs") ? [] : ["--rootfs", Repository.Busybox];
        (await Podspawn.Call([verb, "--runtime", runtime, "--name", container.Name, .. root, .. flags, "--", "sh", "-c", script])).Succeeded();
        return container;
    }
}
