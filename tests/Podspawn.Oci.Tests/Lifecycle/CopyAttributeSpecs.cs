using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Extended attributes and holes survive a copy, from tree to tree and through an archive.</summary>
public sealed class CopyAttributeSpecs : IDisposable
{
    // A capability as the kernel keeps it (linux/capability.h, VFS_CAP_REVISION_2): cap_setuid and cap_net_raw, effective.
    private static readonly byte[] Capability = [1, 0, 0, 2, 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Value = [0, 0xff, (byte)'\n', 0x80];

    private readonly CopyBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_keeps_what_users_have_set_and_with_owners_what_gives_rights(bool archive)
    {
        Make();
        bench.Copy("tree", "copy", new CopyOptions { Archive = archive });
        Check("copy", archive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_archive_keeps_them_as_well(bool archive)
    {
        Make();
        bench.Extract(bench.Archive("tree"), "/", new CopyOptions { Archive = archive });
        Check("tree", archive);
    }

    [Fact]
    public void The_attributes_of_tars_own_archives_come_in()
    {
        Make();
        Tool.Run("tar", "-C", bench.Source, "--format=posix", "--xattrs", "--xattrs-include=*", "-cf", $"{bench.Host}/a.tar", "tree");
        bench.Extract(File.ReadAllBytes($"{bench.Host}/a.tar"), "/", new CopyOptions { Archive = true });
        Check("tree", rights: true);
    }

    [Fact]
    public void An_archives_holes_come_in_as_holes()
    {
        using (FileStream file = File.Create($"{bench.Source}/sparse"))
        {
            file.Write("begin"u8);
            file.Position = 50 << 20;
            file.Write("middle"u8);
            file.SetLength(100 << 20);
        }
        Tool.Run("tar", "-C", bench.Source, "--format=posix", "--sparse", "-cf", $"{bench.Host}/a.tar", "sparse");
        bench.Extract(File.ReadAllBytes($"{bench.Host}/a.tar"), "/");
        Assert.Equal(File.ReadAllBytes($"{bench.Source}/sparse"), File.ReadAllBytes($"{bench.Target}/sparse"));
        Assert.True(long.Parse(Tool.Run("stat", "-c", "%b", $"{bench.Target}/sparse"), System.Globalization.CultureInfo.InvariantCulture) < 1024);
    }

    [Fact]
    public void An_old_form_of_holes_is_refused_in_words()
    {
        using (FileStream file = File.Create($"{bench.Source}/sparse"))
            file.SetLength(10 << 20);
        File.AppendAllText($"{bench.Source}/sparse", "end");
        Tool.Run("tar", "-C", bench.Source, "--format=posix", "--sparse", "--sparse-version=0.1", "-cf", $"{bench.Host}/a.tar", "sparse");
        byte[] archive = File.ReadAllBytes($"{bench.Host}/a.tar");
        Assert.Contains("has holes in the archive", Assert.Throws<ContainerException>(() => bench.Extract(archive, "/")).Message, StringComparison.Ordinal);
    }

    private void Make()
    {
        Directory.CreateDirectory($"{bench.Source}/tree");
        CopyBench.Write(bench.Source, "tree/file", "content");
        foreach (string path in new[] { "tree", "tree/file" })
        {
            using var file = OpenFiles.Open($"{bench.Source}/{path}", PathCalls.O_PATH);
            Set(file, "user.bytes", Value);
            Set(file, "trusted.overlay.opaque", "y"u8.ToArray());
            if (path == "tree/file")
                Set(file, "security.capability", Capability);
        }
    }

    private static void Set(Microsoft.Win32.SafeHandles.SafeFileHandle file, string name, byte[] value) =>
        Assert.Equal(0, AttributeCalls.Write(file, new FileAttribute(System.Text.Encoding.ASCII.GetBytes(name), value)));

    private void Check(string name, bool rights)
    {
        Assert.Equal(["user.bytes"], Names(name));
        Assert.Equal(rights ? ["security.capability", "user.bytes"] : ["user.bytes"], Names($"{name}/file"));
        using var file = OpenFiles.Open($"{bench.Target}/{name}/file", PathCalls.O_PATH);
        Assert.Equal(Value, AttributeCalls.Read(file).Single(attribute => attribute.Text == "user.bytes").Value);
        if (rights)
            Assert.Equal(Capability, AttributeCalls.Read(file).Single(attribute => attribute.Text == "security.capability").Value);
        Assert.Empty(bench.Warnings);
    }

    private string[] Names(string path)
    {
        using var file = OpenFiles.Open($"{bench.Target}/{path}", PathCalls.O_PATH);
        return AttributeCalls.Read(file).Select(attribute => attribute.Text).Where(name => !name.StartsWith("security.selinux", StringComparison.Ordinal)).Order().ToArray();
    }
}
