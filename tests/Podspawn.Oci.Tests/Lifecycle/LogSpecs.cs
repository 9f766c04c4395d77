using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Lifecycle.Logging;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Logs in the format that conmon writes.</summary>
public sealed class LogSpecs : IDisposable
{
    private const string Time = "2026-01-31T08:30:00.000000001+00:00";
    private readonly TemporaryDirectory directory = new();
    private readonly ContainerPaths paths;

    public LogSpecs()
    {
        paths = new ContainerPaths("c", $"{directory.Path}/run", $"{directory.Path}/scratch");
        directory.Make("run/exit");
        directory.Make("scratch");
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Each_stream_goes_where_it_belongs()
    {
        Write(Line("stdout F", "one"), Line("stderr F", "two"), Line("stdout F", "three"), Line("stdout F", ""));
        Assert.Equal(("one\nthree\n\n", "two\n"), Print(new LogQuery()));
    }

    [Fact]
    public void Parts_of_a_line_are_joined_whatever_stands_between_them()
    {
        Write(Line("stdout P", "a"), Line("stderr F", "x"), Line("stdout P", "b"), Line("stderr P", "y"), Line("stdout F", "c"), Line("stderr P", "z"));
        Assert.Equal(("abc\n", "x\nyz"), Print(new LogQuery()));
        Assert.Equal(($"{Time} abc\n", $"{Time} x\n{Time} yz"), Print(new LogQuery { Timestamps = true }));
    }

    [Fact]
    public void What_each_line_begins_with_comes_once_before_the_time()
    {
        Write(Line("stdout P", "a"), Line("stderr F", "x"), Line("stdout F", "b"), Line("stdout F", ""));
        Assert.Equal(("web ab\nweb \n", "web x\n"), Print(new LogQuery { Prefix = "web "u8.ToArray() }));
        Assert.Equal(($"web {Time} ab\nweb {Time} \n", $"web {Time} x\n"), Print(new LogQuery { Prefix = "web "u8.ToArray(), Timestamps = true }));
    }

    [Fact]
    public void Bytes_pass_through_as_they_are()
    {
        byte[] text = [0xff, 0x00, 0xc3, 0x28, (byte)'\r', 0x1b];
        Write([.. Encoding.ASCII.GetBytes($"{Time} stdout F "), .. text, (byte)'\n']);
        Assert.Equal([.. text, (byte)'\n'], PrintBytes(new LogQuery()).Stdout);
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(400_000)]
    public void Long_records_are_whole(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length / 10).Select(i => $"{i:0000000000}"));
        Write(Line("stdout P", text), Line("stderr F", text), Line("stdout F", "end"));
        Assert.Equal(($"{text}end\n", $"{text}\n"), Print(new LogQuery()));
        Assert.Equal(($"{text}end\n", ""), Print(new LogQuery { Tail = 1 }));
    }

    [Fact]
    public void Lines_of_megabytes_are_whole()
    {
        string part = new('x', 8000);
        Write([Line("stdout F", "first"), .. Enumerable.Range(0, 500).Select(_ => Line("stdout P", part)), Line("stdout F", "end")]);
        string line = $"{new string('x', 500 * 8000)}end\n";
        Assert.Equal($"first\n{line}", Print(new LogQuery()).Stdout);
        Assert.Equal(line, Print(new LogQuery { Tail = 1 }).Stdout);
    }

    [Fact]
    public void What_is_no_record_is_shown_as_it_is()
    {
        Write("garbage\n"u8.ToArray(), Line("stdout F", "one"), Encoding.ASCII.GetBytes($"{Time} stdou"));
        Assert.Equal(($"garbage\none\n{Time} stdou", ""), Print(new LogQuery()));
    }

    [Fact]
    public void A_missing_log_is_empty() => Assert.Equal(("", ""), Print(new LogQuery { Tail = 3 }));

    [Theory]
    [InlineData(0, "", "")]
    [InlineData(1, "end", "")]
    [InlineData(2, "cd\nend", "")]
    [InlineData(3, "cd\nend", "x\n")]
    [InlineData(4, "ab\ncd\nend", "x\n")]
    [InlineData(9, "0\nab\ncd\nend", "x\n")]
    public void The_tail_counts_lines_with_all_their_parts(long lines, string stdout, string stderr)
    {
        Write(Line("stdout F", "0"), Line("stdout P", "a"), Line("stdout F", "b"), Line("stdout P", "c"), Line("stderr F", "x"), Line("stdout F", "d"), Line("stdout P", "end"));
        Assert.Equal((stdout, stderr), Print(new LogQuery { Tail = lines }));
    }

    [Fact]
    public void The_tail_of_many_blocks_is_exact()
    {
        byte[][] lines = [.. Enumerable.Range(0, 20_000).Select(i => Line("stdout F", $"{i} {new string('x', i % 97)}"))];
        Write(lines);
        foreach (int count in new[] { 1, 2, 999, 1000, 5000, 19_999, 20_000, 20_001 })
            Assert.Equal(string.Concat(Enumerable.Range(0, 20_000).TakeLast(count).Select(i => $"{i} {new string('x', i % 97)}\n")), Print(new LogQuery { Tail = count }).Stdout);
    }

    [Fact]
    public void Since_and_until_choose_by_the_time_of_a_lines_beginning()
    {
        Write(At(1, "stdout F", "one"), At(2, "stdout P", "tw"), At(3, "stdout F", "o"), At(4, "stdout F", "four"), At(5, "stdout F", "five"));
        Assert.Equal("two\nfour\nfive\n", Print(new LogQuery { Since = Second(2) }).Stdout);
        Assert.Equal("four\nfive\n", Print(new LogQuery { Since = Second(3) }).Stdout);
        Assert.Equal("one\ntwo\nfour\n", Print(new LogQuery { Until = Second(4) }).Stdout);
        Assert.Equal("four\n", Print(new LogQuery { Since = Second(3), Until = Second(4), Tail = 3 }).Stdout);
    }

    [Fact]
    public async Task Following_survives_that_conmon_begins_a_new_file()
    {
        Write(Line("stdout F", "before"));
        Task<(string Stdout, string Stderr)> following = Task.Run(() => Print(new LogQuery { Follow = true }));
        var expected = new StringBuilder("before\n");
        for (int file = 0; file < 5; file++)
        {
            for (int i = 0; i < 200; i++)
            {
                Append(Line(i % 3 == 0 ? "stdout P" : "stdout F", $"{file}.{i} "));
                expected.Append(i % 3 == 0 ? $"{file}.{i} " : $"{file}.{i} \n");
            }
            // The follower has the file open by then: otherwise the rename would remove it before it was read.
            await Opened();
            File.WriteAllText($"{paths.Log}.tmp", "");
            File.Move($"{paths.Log}.tmp", paths.Log, overwrite: true);
        }
        Append(Line("stdout F", "last"));
        End();
        Assert.Equal(expected + "last\n", (await following.WaitAsync(TimeSpan.FromMinutes(1))).Stdout);
    }

    [Fact]
    public async Task Following_from_the_end_shows_only_what_comes()
    {
        Write(Line("stdout F", "old"), Line("stdout P", "begun "));
        Task<(string Stdout, string Stderr)> following = Task.Run(() => Print(new LogQuery { Follow = true, Tail = 0 }));
        await Opened();
        // Whether it has reached the end by then cannot be seen from outside: the output is the new line, with or without its beginning.
        End();
        Assert.Equal("", (await following.WaitAsync(TimeSpan.FromMinutes(1))).Stdout);
    }

    [Fact]
    public async Task Following_ends_with_the_time()
    {
        Write(Line("stdout F", "one"));
        Task<(string Stdout, string Stderr)> following = Task.Run(() => Print(new LogQuery { Follow = true, Until = new Instant(Instant.Now.Nanoseconds + 300_000_000) }));
        Assert.Equal("one\n", (await following.WaitAsync(TimeSpan.FromMinutes(1))).Stdout);
    }

    private static Instant Second(int second) => Instant.Of(new DateTimeOffset(2026, 1, 31, 8, 30, second, TimeSpan.Zero));

    private static byte[] Line(string stream, string text) => Encoding.UTF8.GetBytes($"{Time} {stream} {text}\n");

    private static byte[] At(int second, string stream, string text) => Encoding.UTF8.GetBytes($"2026-01-31T10:30:0{second}.000000000+02:00 {stream} {text}\n");

    private void Write(params byte[][] records) => File.WriteAllBytes(paths.Log, [.. records.SelectMany(record => record)]);

    private void Append(byte[] record)
    {
        using FileStream log = new(paths.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        // In two writes, since conmon's writev may end anywhere.
        log.Write(record.AsSpan(0, record.Length / 2));
        log.Flush();
        log.Write(record.AsSpan(record.Length / 2));
    }

    private void End() => File.WriteAllText(paths.ExitFile, "0");

    private async Task Opened()
    {
        string real = new FileInfo(paths.Log).FullName;
        while (!Directory.GetFiles("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget == real))
            await Task.Delay(1);
    }

    private (string Stdout, string Stderr) Print(LogQuery query)
    {
        (byte[] stdout, byte[] stderr) = PrintBytes(query);
        return (Encoding.UTF8.GetString(stdout), Encoding.UTF8.GetString(stderr));
    }

    private (byte[] Stdout, byte[] Stderr) PrintBytes(LogQuery query)
    {
        string[] files = [$"{directory.Path}/{Guid.NewGuid():N}", $"{directory.Path}/{Guid.NewGuid():N}"];
        using (SafeFileHandle stdout = File.OpenHandle(files[0], FileMode.Create, FileAccess.Write), stderr = File.OpenHandle(files[1], FileMode.Create, FileAccess.Write))
        {
            using var reader = new LogReader(paths, paths.Log, query, new LogOutput((int)stdout.DangerousGetHandle(), (int)stderr.DangerousGetHandle()));
            if (query.Follow)
                reader.Follow(ProcessIdentity.Of(Environment.ProcessId));
            else
                reader.Print();
        }
        return (File.ReadAllBytes(files[0]), File.ReadAllBytes(files[1]));
    }
}
