namespace Podspawn.Oci.RuntimeTests;

/// <summary>A mount namespace with its own run and data directories, both on small filesystems: they can be filled, emptied and made read-only.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly MountNamespace place;

    private World(MountNamespace place) => this.place = place;

    /// <param name="ownData">Whether the data directory is its own too, or the host's.</param>
    /// <param name="ownNetwork">Whether it has a network namespace of its own too: it is then a host by itself.</param>
    internal static async Task<World> Make(bool ownData = true, bool ownNetwork = false)
    {
        const string OwnRun = "mkdir -p /run/podspawn-oci /var/lib/podspawn-oci && mount -t tmpfs -o mode=700,size=32m tmpfs /run/podspawn-oci";
        const string OwnData = "mount -t tmpfs -o mode=700,size=64m tmpfs /var/lib/podspawn-oci";
        var world = new World(await MountNamespace.Enter(ownNetwork));
        await world.Shell(ownData ? $"{OwnRun} && {OwnData}" : OwnRun);
        return world;
    }

    /// <summary>Calls a verb of the published command.</summary>
    internal Task<Outcome> Call(params string[] arguments) => place.Run([Repository.Command, .. arguments]);

    /// <summary>The command by which a program is started in it.</summary>
    internal CliWrap.Command Program(params IEnumerable<string> command) => CliWrap.Cli.Wrap("nsenter").WithArguments([.. place.Entry, .. command]);

    /// <summary>The path of its root on the host.</summary>
    internal string Root => place.Root;

    /// <summary>Changes the kernel's boot id in it, as after a boot.</summary>
    internal async Task Reboot() =>
        await Shell("file=$(mktemp) && cat /proc/sys/kernel/random/uuid >$file && mount --bind $file /proc/sys/kernel/random/boot_id && rm $file");

    /// <summary>Runs a line of shell in it, which must succeed.</summary>
    internal async Task<Outcome> Shell(string line) => (await place.Run("sh", "-c", line)).Succeeded();

    /// <summary>The namespace goes with its last process.</summary>
    public async ValueTask DisposeAsync()
    {
        // A failed test may have left containers.
        string[] left = (await Call("ps", "--all", "--quiet", "--no-trunc")).Lines;
        if (left.Length > 0)
            await Call(["rm", "--force", .. left]);
        await place.DisposeAsync();
    }
}
