using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Lifecycle.Diff;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Changes read from an overlay's upper directory, which the kernel's overlayfs or fuse-overlayfs has written.</summary>
public sealed class LayerDiffSpecs : IDisposable
{
    private const string Changes = """
        set -e
        cd "$1"
        rm d/f top; rm -r e; mkdir e; echo n > e/new
        rm -r gone
        mkdir -p made/deep; echo n > made/deep/file
        echo more >> grown
        chmod 700 mode
        : >> opened
        ln -s /etc/passwd link
        rm kind; mkdir kind
        mkdir -p etc data/sub; echo x > etc/hosts; echo x > data/sub/found
        mkdir -p mnt/point
        rm -r again; mkdir again; echo a > again/stays
        touch "$(printf 'odd\377\033name')"
        """;

    private static readonly string[] Expected =
    [
        "C /again", "D /again/goes", "C /again/stays", "C /d", "D /d/f", "A /data", "A /data/sub", "A /data/sub/found", "C /e", "D /e/g", "A /e/new", "D /gone", "C /grown",
            "C /kind", "A /link",
        "A /made", "A /made/deep", "A /made/deep/file", "C /mode", "A /odd\uFFFD\u001bname", "D /top",
    ];

    private readonly TemporaryDirectory directory = new();

    public LayerDiffSpecs()
    {
        foreach (string path in new[] { "d/f", "d/stays", "e/g", "top", "gone/a", "grown", "mode/x", "opened", "kind", "again/stays", "again/goes", "untouched" })
            directory.Write($"lower/{path}", path);
        directory.Make("upper");
        directory.Make("work");
        directory.Make("merged");
    }

    public void Dispose()
    {
        TreeRemoval.Remove($"{directory.Path}/upper");
        directory.Dispose();
    }

    [Fact]
    public void Overlayfs_tells_what_was_changed()
    {
        Run("mount -t overlay o -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=nofollow,metacopy=off,index=off merged");
        Assert.Equal(Expected, Diff());
    }

    [Fact]
    public void Fuse_overlayfs_tells_the_same()
    {
        Run("fuse-overlayfs -o lowerdir=lower,upperdir=upper,workdir=work merged 2>/dev/null");
        Assert.Equal(Expected, Diff());
    }

    [Fact]
    public void Whiteouts_without_devices_count_as_well()
    {
        directory.Write("upper/.wh.top", "");
        directory.Write("upper/.wh.never", "");
        directory.Write("upper/e/.wh..wh..opq", "");
        directory.Write("upper/e/new", "n");
        Assert.Equal(["C /e", "D /e/g", "A /e/new", "D /top"], Diff());
    }

    [Fact]
    public void An_untouched_layer_has_no_changes() => Assert.Empty(Diff());

    [Fact]
    public void A_link_in_the_place_of_a_directory_is_not_followed()
    {
        directory.Link("upper/d", "/");
        Assert.Equal(["C /d"], Diff());
    }

    private string[] Diff()
    {
        using SafeFileHandle upper = Open("upper"), lower = Open("lower");
        return [.. new LayerDiff(new LaunchPaths(["/mnt/point", "/data"])).Read(upper, lower).Select(change => $"{change.Kind.ToString()[0]} {change.Path}")];
    }

    private SafeFileHandle Open(string name) => OpenFiles.Open($"{directory.Path}/{name}", PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);

    private void Run(string mount) => Tool.Run(
        "unshare", ["-m", "sh", "-c", $"cd {directory.Path} && {mount} && sh -c '{Changes.Replace("'", "'\\''",
            StringComparison.Ordinal)}' sh merged; status=$?; umount merged; exit $status"]);
}
