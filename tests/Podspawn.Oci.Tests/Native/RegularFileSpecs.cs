using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

/// <summary>Only a regular file is opened for its content. With anything that waits for ever, a test would hang.</summary>
public sealed class RegularFileSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(70_000)]
    public void A_regular_file_is_read_to_its_end(int length)
    {
        string text = new('x', length);
        Assert.Equal(text, Encoding.ASCII.GetString(RegularFile.Read(directory.Write("file", text), 70_000).Span));
        directory.Link("link", "file");
        Assert.Equal(text, Encoding.ASCII.GetString(RegularFile.Read($"{directory.Path}/link", 70_000).Span));
    }

    [Fact]
    public void A_FIFO_is_refused_without_waiting()
    {
        string fifo = HostFiles.Fifo($"{directory.Path}/fifo");
        directory.Link("link", "fifo");
        Assert.Equal("is not a regular file", Refusal(fifo));
        Assert.Equal("is not a regular file", Refusal($"{directory.Path}/link"));
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{directory.Path}/socket"));
        Assert.Equal("is not a regular file", Refusal($"{directory.Path}/socket"));
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/ptmx")]
    [InlineData("/dev/tty")]
    public void A_device_is_refused(string device) => Assert.Equal("is not a regular file", Refusal(device));

    [Theory]
    [InlineData("/proc/kmsg")]
    [InlineData("/proc/self/mem")]
    [InlineData("/proc/cpuinfo")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    public void The_kernels_own_files_are_refused_though_they_pass_for_regular_ones(string file)
    {
        directory.Link("link", file);
        Assert.Equal("is one of the kernel's own files, not a regular file", Refusal(file));
        Assert.Equal("is one of the kernel's own files, not a regular file", Refusal($"{directory.Path}/link"));
    }

    [Fact]
    public void A_directory_and_a_missing_file_are_told_apart()
    {
        Assert.Equal("is a directory", Refusal(directory.Path));
        Assert.Equal("no such file", Refusal($"{directory.Path}/none"));
        Assert.Equal("is not a file's name", Refusal("a\0b"));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_before_it_is_read()
    {
        string file = directory.Write("file", "");
        using (FileStream holes = File.OpenWrite(file))
            holes.SetLength(1L << 40);
        Assert.Equal("is larger than 1 MiB", Refusal(file, 1 << 20));
    }

    [Fact]
    public async Task A_pipe_that_the_caller_passes_by_its_number_is_read_and_not_beyond_the_limit()
    {
        foreach ((int limit, string? refusal) in new[] { (100, null), (3, "is larger than 3 bytes") })
        {
            (SafeFileHandle read, SafeFileHandle write) = DescriptorCalls.Pipe();
            using (var passed = new InheritedDescriptor(read))
            {
                new DescriptorStream((int)write.DangerousGetHandle()).Write("A=1\n"u8);
                write.Dispose();
                read.Dispose();
                string path = $"/dev/fd/{passed.Number}";
                Task<string> reading = Task.Run(() => Encoding.ASCII.GetString(CallersFile.Read(path, limit).Span));
                if (refusal is null)
                    Assert.Equal("A=1\n", await reading);
                else
                    Assert.Equal(refusal, (await Assert.ThrowsAsync<UnfitFileException>(() => reading)).Message);
            }
        }
    }

    [Fact]
    public void A_pipe_of_our_own_and_a_link_to_a_strangers_are_refused()
    {
        (SafeFileHandle read, SafeFileHandle write) = DescriptorCalls.Pipe();
        using (read)
        using (write)
        {
            string path = $"/proc/self/fd/{(int)read.DangerousGetHandle()}";
            directory.Link("link", $"/proc/{Environment.ProcessId}/fd/{(int)read.DangerousGetHandle()}");
            foreach (string pipe in new[] { path, $"{directory.Path}/link", HostFiles.Fifo($"{directory.Path}/fifo") })
                Assert.Equal("is not a regular file", Assert.Throws<UnfitFileException>(() => CallersFile.Read(pipe, 100)).Message);
        }
    }

    private static string Refusal(string path, int largest = 100) => Assert.Throws<UnfitFileException>(() => RegularFile.Read(path, largest)).Message;
}
