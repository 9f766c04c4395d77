namespace Podspawn.Oci.RuntimeTests;

/// <summary>A detached container of a test's own, gone with the test.</summary>
internal sealed class Kept : IAsyncDisposable
{
    private Kept(string name) => Name = name;

    internal string Name { get; }

    /// <summary>Its id, by the file that remembers its name.</summary>
    internal string Id => File.ReadAllText($"/run/podspawn-oci/names/{Name}").Trim();

    internal string Directory => $"/run/podspawn-oci/containers/{Id}";

    /// <summary><c>run --detach</c> on the probe root filesystem.</summary>
    internal static Task<Kept> Run(string runtime, string[] flags, params string[] command) => Make("run", runtime, Repository.Probe, ["--detach", .. flags], command);

    /// <summary><c>create</c> on the probe root filesystem.</summary>
    internal static Task<Kept> Create(string runtime, string[] flags, params string[] command) => Make("create", runtime, Repository.Probe, flags, command);

    /// <summary>One that only waits, for others to be started in it.</summary>
    internal static Task<Kept> Idle(string runtime, params string[] flags) => Run(runtime, flags, "sleep", "600");

    private static async Task<Kept> Make(string verb, string runtime, string rootfs, string[] flags, string[] command)
    {
        var kept = new Kept($"kept-{Guid.NewGuid():N}"[..20]);
        (await Podspawn.Call([verb, "--name", kept.Name, "--runtime", runtime, "--rootfs", rootfs, .. flags, "--", .. command])).Succeeded();
        return kept;
    }

    /// <summary><c>exec</c> in it.</summary>
    internal Task<Outcome> Exec(string[] flags, params string[] command) => Podspawn.Call(["exec", .. flags, Name, .. command]);

    /// <summary>Waits for something about it that no command waits for.</summary>
    internal static async Task Until(string what, Func<Task<bool>> condition)
    {
        for (DateTime end = DateTime.UtcNow.AddMinutes(1); !await condition(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < end, $"waited in vain: {what}");
    }

    public async ValueTask DisposeAsync() => await Podspawn.Call(["rm", "--force", Name]);
}
