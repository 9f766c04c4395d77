using System.Collections.Concurrent;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Events;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Lifecycle;

public sealed class EventSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly StateLayout layout;

    public EventSpecs()
    {
        directory.Make("run");
        File.SetUnixFileMode($"{directory.Path}/run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        layout = new StateLayout($"{directory.Path}/run", $"{directory.Path}/data");
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        ContainerEvent happened = Happened("die") with
        {
            Attributes = new Dictionary<string, string> { ["exitCode"] = "137" },
            Labels = new Dictionary<string, string> { ["a \"b\"\n"] = "{\"time\":\"" },
        };
        EventLog.Write(layout, happened);
        ContainerEvent read = Assert.Single(Read());
        Assert.Equivalent(happened, read, strict: true);
    }

    [Fact]
    public void A_line_is_never_longer_than_one_write()
    {
        ContainerEvent happened = Happened("create") with
        {
            Attributes = new Dictionary<string, string> { ["exitCode"] = "0" },
            Labels = Enumerable.Range(0, 1000).ToDictionary(i => $"label{i}", _ => new string('x', 100)),
        };
        EventLog.Write(layout, happened);
        EventLog.Write(layout, happened with { Attributes = happened.Labels, Image = new string('y', 9000) });
        Assert.All(File.ReadLines(EventLog.PathIn(layout)), line => Assert.InRange(line.Length, 1, EventLine.Longest - 1));
        Assert.Equal("0", Read()[0].Attributes["exitCode"]);
        Assert.Equal(2, Read().Count);
    }

    [Fact]
    public void A_line_that_was_cut_short_costs_no_other()
    {
        EventLog.Write(layout, Happened("one"));
        File.AppendAllText(EventLog.PathIn(layout), "{\"time\":\"2026-01-31T08");
        EventLog.Write(layout, Happened("two"));
        File.AppendAllText(EventLog.PathIn(layout), "\nrubbish\n\n{}\n");
        EventLog.Write(layout, Happened("three"));
        Assert.Equal(["one", "two", "three"], Read().Select(happened => happened.Action));
    }

    [Fact]
    public void What_cannot_be_written_fails_nobody()
    {
        EventLog.Write(new StateLayout($"{directory.Path}/missing", ""), Happened("die"));
        File.CreateSymbolicLink(EventLog.PathIn(layout), "/dev/full");
        EventLog.Write(layout, Happened("die"));
    }

    [Fact]
    public void Thousands_of_writers_at_once_lose_nothing_while_the_file_begins_anew()
    {
        const int Writers = 8, Each = 3000;
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, writer =>
        {
            for (int i = 0; i < Each; i++)
                EventLog.Write(layout, Happened($"{writer}.{i}"));
        });
        Assert.True(File.Exists(EventLog.FormerPathIn(layout)));
        Assert.Equal(Enumerable.Range(0, Writers).SelectMany(writer => Enumerable.Range(0, Each).Select(i => $"{writer}.{i}")).Order(), Read().Select(happened => happened.Action)
            .Order());
    }

    [Fact]
    public async Task Following_goes_on_in_the_new_file()
    {
        (Microsoft.Win32.SafeHandles.SafeFileHandle stop, Microsoft.Win32.SafeHandles.SafeFileHandle stopped) = DescriptorCalls.Pipe();
        var seen = new BlockingCollection<string>();
        EventLog.Write(layout, Happened("before"));
        using var reader = new EventReader(layout, EventFilter.Parse([]), null, null, happened => seen.Add(happened.Action));
        Task following = Task.Run(() => reader.Follow(stop));
        Assert.Equal("before", Next(seen));
        for (int i = 0; i < 5; i++)
        {
            EventLog.Write(layout, Happened($"{i}"));
            Assert.Equal($"{i}", Next(seen));
            File.Move(EventLog.PathIn(layout), EventLog.FormerPathIn(layout), overwrite: true);
        }
        stopped.Dispose();
        await following.WaitAsync(TimeSpan.FromMinutes(1));
        stop.Dispose();
    }

    [Fact]
    public async Task Following_ends_with_the_time()
    {
        using var reader = new EventReader(layout, EventFilter.Parse([]), null, new Instant(Instant.Now.Nanoseconds + 200_000_000), _ => { });
        await Task.Run(() => reader.Follow(null)).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("event=die", true)]
    [InlineData("event=start", false)]
    [InlineData("event=start event=die", true)]
    [InlineData("event=die container=web", true)]
    [InlineData("event=die container=other", false)]
    [InlineData("container=0123", true)]
    [InlineData("image=debian", true)]
    [InlineData("image=debian:12", true)]
    [InlineData("image=debian:11", false)]
    [InlineData("label=tier", true)]
    [InlineData("label=tier=front", true)]
    [InlineData("label=tier=back", false)]
    [InlineData("type=container", true)]
    [InlineData("type=image", false)]
    [InlineData("volume=web", false)]
    public void Filters_of_one_key_are_alternatives_and_of_several_all_count(string filters, bool fits) =>
        Assert.Equal(fits, EventFilter.Parse(filters.Split(' ')).Fits(Happened("die")));

    [Theory]
    [InlineData("volume=data", true)]
    [InlineData("volume=other", false)]
    [InlineData("type=volume event=create", true)]
    [InlineData("container=data", false)]
    public void A_volume_is_found_by_its_name_and_is_no_container(string filters, bool fits) =>
        Assert.Equal(fits, EventFilter.Parse(filters.Split(' ')).Fits(Happened("create") with { Type = ContainerEvent.OfVolume, Id = "data", Name = "data", Image = null }));

    [Theory]
    [InlineData("event")]
    [InlineData("event=")]
    [InlineData("evnt=die")]
    public void What_is_no_filter_is_refused(string filter) =>
        Assert.StartsWith("--filter: ", Assert.Throws<ContainerException>(() => EventFilter.Parse([filter])).Message, StringComparison.Ordinal);

    private static ContainerEvent Happened(string action) => new()
    {
        Time = new DateTimeOffset(2026, 1, 31, 8, 30, 0, TimeSpan.Zero).AddTicks(1234567),
        Action = action,
        Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        Name = "web",
        Image = "debian:12",
        Labels = new Dictionary<string, string> { ["tier"] = "front" },
    };

    private static string Next(BlockingCollection<string> seen) => seen.TryTake(out string? next, TimeSpan.FromMinutes(1)) ? next : "nothing";

    private List<ContainerEvent> Read()
    {
        var read = new List<ContainerEvent>();
        using var reader = new EventReader(layout, EventFilter.Parse([]), null, null, read.Add);
        reader.Read();
        return read;
    }
}
