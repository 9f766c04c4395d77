using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.Native;

/// <summary>Only regular files that store data are opened for reading.</summary>
public sealed class ForeignFileSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/ptmx")]
    [InlineData("/proc/kmsg")]
    [InlineData("/proc/self/maps")]
    [InlineData("/sys/kernel/uevent_seqnum")]
    [InlineData("/tmp")]
    public void What_is_none_is_left_alone(string path)
    {
        directory.Link("link", path);
        foreach (string name in new[] { path, $"{directory.Path}/link" })
            Assert.Throws<UnfitFileException>(() => RegularFile.Open(name));
    }

    [Fact]
    public async Task A_fifo_is_not_opened_not_even_for_a_moment()
    {
        string fifo = $"{directory.Path}/fifo";
        HostFiles.Fifo(fifo);
        // The open for writing returns once another process has opened it for reading.
        Task writer = Task.Run(() => OpenFiles.Open(fifo, PathCalls.O_WRONLY).Dispose());
        using (RootFilesystem root = RootFilesystem.Open(directory.Path))
        {
            for (int i = 0; i < 1000; i++)
                Assert.Null(root.OpenFile("/fifo"));
            Assert.Throws<RootFilesystemException>(() => root.ReadFile("/fifo", 100));
        }
        Assert.False(writer.IsCompleted);
        using SafeFileHandle reader = OpenFiles.Open(fifo, PathCalls.O_RDONLY | PathCalls.O_NONBLOCK);
        await writer;
    }

    [Fact]
    public void A_file_is_read_through_links_that_stay_inside()
    {
        directory.Write("etc/real", "text");
        directory.Link("link", "/etc/real");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        using SafeFileHandle file = root.OpenFile("/link")!;
        Assert.Equal("text", SmallFile.Read(file, 10));
        Assert.Null(root.OpenFile("/none"));
    }
}
