using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.State;

/// <summary>The records of containers, which the next command, and the next version, reads.</summary>
public sealed class RecordJsonSpecs : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 8, 30, 15, 123, TimeSpan.Zero);

    private static readonly ContainerDefinition Full = new()
    {
        Id = new string('a', 64),
        Name = "web",
        Created = Then,
        Foreground = true,
        Image = "example.org/a:1",
        ImageDigest = "sha256:00",
        RootDirectory = "/srv/\"root\"\n",
        RootfsWritable = true,
        StorageDriver = StorageDriver.FuseOverlayfs,
        Directories = ["/data", "/ä"],
        Mounts =
        [
            new VolumeMount("/srv/a", "/a", ReadOnly: true) { IsFile = true, Options = ["noexec"], IsRecursive = false, ChangesOwner = true, Mode = "ro,U" },
            new VolumeMount("/var/v/_data", "/v") { Mode = "", Volume = new NamedVolume("v") { IsAnonymous = true, TakesNothing = true } },
            new VolumeMount("/run/c/images/2", "/i") { Mode = "", Image = new MountedImage("debian", "sha256:11", "/var/roots/11/rootfs") },
        ],
        Devices = [new GivenDevice("/dev/fuse", "/dev/f", new OpenedDevice("c", 10, 229, "rw"))],
        Requires = [new OtherContainer("0123", "db")],
        Namespaces = new SharedNamespaces { Ipc = IpcMode.Container, IpcOf = new OtherContainer("4567", "a"), PidOf = new OtherContainer("89ab", "b"), NetworkOf = new OtherContainer("cdef", "c") },
        Command = ["sh", "-c", "echo '\u0001\\ \ud83d\ude00'"],
        EntrypointLength = 2,
        Network = NetworkMode.Bridge,
        NetworkPath = "/run/netns/a",
        Attachments = [new NetworkAttachment("web") { Aliases = ["www"], Addresses = ["10.7.1.9", "fd00::9"], MacAddress = "92:d0:c6:0a:29:33" }, new NetworkAttachment("db")],
        Egress = new EgressPolicy([]),
        SendsFrames = true,
        Ports = [new PublishedPort("127.0.0.1", 8000, 80, "udp", 3), new PublishedPort(null, 0, 81, "tcp")],
        HostName = "web",
        Terminal = true,
        Interactive = true,
        Runtime = new RuntimeProgram("/usr/bin/runc", "runc", "1.1.5+ds1", ["--debug"]),
        Cgroup = "/podspawn-oci-a",
        Resources = new ResourceRequest
        {
            MemorySwap = -1,
            MemoryReservation = 1L << 40,
            CpuShares = 2,
            CpuPeriod = 1000,
            CpusetCpus = "0-3,5",
            CpusetMems = "0",
            BlkioWeight = 10,
            OomScoreAdj = -1000,
            ShmSize = 1L << 33,
            Ulimits = [new UlimitRequest("nofile", 1, ulong.MaxValue)],
            Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1 2\t3" },
            Umask = 63,
            Annotations = new Dictionary<string, string> { ["a"] = "b=\n" },
        },
        Names = new NameResolution { Hosts = ["192.0.2.7\tweb"], Servers = ["192.0.2.53"], Search = ["example.org"], Options = ["ndots:2"] },
        TimeZone = "Asia/Tokyo",
        Health = new HealthCheck
        {
            Command = ["/bin/sh", "-c", "a \"b\""],
            Interval = TimeSpan.FromMilliseconds(1500),
            Timeout = TimeSpan.FromDays(3),
            StartPeriod = TimeSpan.FromSeconds(1),
            Retries = 7,
        },
        Lifecycle = new LifecycleOptions
        {
            Labels = new Dictionary<string, string> { ["a"] = "b", ["empty"] = "", ["\""] = "=" },
            Restart = new RestartPolicy(RestartCondition.OnFailure, 3),
            Remove = true,
            TimeoutSeconds = 1L << 40,
            StopSignal = 3,
            StopTimeoutSeconds = 7,
            PidFile = "/run/web.pid",
            MonitorPidFile = "/run/web.conmon.pid",
            LogSizeMax = 1L << 33,
            Log = new LogTarget { Driver = LogDriver.JsonFile, Path = "/var/log/web", Tag = "\"" },
            Notify = new NotifyTarget { Mode = NotifyMode.Container, Socket = "@notify" },
        },
        CreateCommand = ["run", "-d"],
        CreatedIn = "/home",
    };

    private static readonly ContainerState Ended = new()
    {
        Status = ContainerStatus.Restarting,
        Process = new ProcessIdentity(1, ulong.MaxValue),
        Monitor = new ProcessIdentity(2, 0),
        Restarter = new ProcessIdentity(3, 4),
        Layer = StorageDriver.Copy,
        Freezing = true,
        Pauser = new ProcessIdentity(5, 6),
        Stopper = new ProcessIdentity(7, 8),
        Releasing = true,
        Started = Then,
        Finished = Then.AddTicks(1),
        ExitStatus = 137,
        OutOfMemory = true,
        Error = "no \"room\"",
        Restarts = 2,
        StopRequested = true,
    };

    private readonly TemporaryDirectory directory = new();

    private string RecordPath => $"{directory.Path}/record.json";

    public void Dispose() => directory.Dispose();

    public static TheoryData<ContainerDefinition> Definitions => new(Full, Full with
    {
        Foreground = false,
        Image = null,
        ImageDigest = null,
        Directories = [],
        Mounts = [],
        Devices = [],
        Requires = [],
        Namespaces = SharedNamespaces.None,
        Cgroup = null,
        Resources = ResourceRequest.None,
        Names = NameResolution.Usual,
        TimeZone = null,
        Health = null,
        Lifecycle = new LifecycleOptions(),
        CreateCommand = [],
        CreatedIn = "/",
    });

    public static TheoryData<ContainerState> States => new(Ended, new ContainerState());

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_definition_is_read_as_it_was_written(ContainerDefinition definition)
    {
        RecordJson.Write(RecordPath, definition);
        Assert.Equivalent(definition, RecordJson.ReadDefinition(RecordPath), strict: true);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_is_read_as_it_was_written(ContainerState state)
    {
        RecordJson.Write(RecordPath, state);
        Assert.Equal(state, RecordJson.ReadState(RecordPath));
    }

    [Fact]
    public void No_field_is_left_out()
    {
        // The samples above set every property to something other than its default, so a property that is not written would not come back.
        Assert.All(typeof(ContainerDefinition).GetProperties().Where(property => property.CanWrite && property.Name != nameof(Full.Version)),
            property => Assert.NotEqual(property.GetValue(Bare), property.GetValue(Full)));
        Assert.All(typeof(ResourceRequest).GetProperties().Where(property => property.CanWrite),
            property => Assert.NotEqual(property.GetValue(ResourceRequest.None), property.GetValue(Full.Resources)));
        Assert.All(typeof(NameResolution).GetProperties().Where(property => property.CanWrite),
            property => Assert.NotEqual(property.GetValue(NameResolution.Usual), property.GetValue(Full.Names)));
        Assert.All(typeof(HealthCheck).GetProperties(), property => Assert.NotEqual(property.GetValue(new HealthCheck { Command = [] }), property.GetValue(Full.Health)));
        Assert.All(typeof(LifecycleOptions).GetProperties(), property => Assert.NotEqual(property.GetValue(new LifecycleOptions()), property.GetValue(Full.Lifecycle)));
        Assert.All(typeof(ContainerState).GetProperties().Where(property => property.Name != nameof(Ended.Version)),
            property => Assert.NotEqual(property.GetValue(new ContainerState()), property.GetValue(Ended)));
    }

    private static ContainerDefinition Bare =>
        new() { Id = "", Name = "", Created = default, RootDirectory = "", Command = [], HostName = "", Runtime = new RuntimeProgram("", "", "", []) };

    // The format of version 1: a change to it requires a higher version number.
    [Fact]
    public void The_form_stays()
    {
        File.WriteAllText(RecordPath, """
            {"version":1,"id":"a1","name":"b","created":"2026-11-26T05:13:49.7627128+00:00","foreground":false,"rootDirectory":"/r","rootfsWritable":false,
            "storageDriver":"Auto","directories":[],"command":["sleep","1"],"network":"None","hostName":"h","terminal":false,"interactive":false,
            "runtime":{"program":"/usr/sbin/runc","name":"runc","version":"1.1.5\u002Bds1","flags":[]},"cgroup":"/c","keep":{"labels":{},
            "restart":{"condition":"No","maximumRetries":0},"remove":false,"timeoutSeconds":0,"stopTimeoutSeconds":10,"logSizeMax":0},"words":["run"],
            "saidIn":"/w"}
            """);
        ContainerDefinition read = RecordJson.ReadDefinition(RecordPath)!;
        Assert.Equal(File.ReadAllText(RecordPath).ReplaceLineEndings(""), System.Text.Encoding.UTF8.GetString(RecordJson.Serialize(read)));
        const string state = """{"version":1,"status":"Running","process":{"pid":14299,"startTime":1528235},"layer":"Overlay","freezing":false,"releasing":false,"started":"2026-11-26T05:13:49.8170705+00:00","outOfMemory":false,"restarts":0,"stopRequested":false}""";
        File.WriteAllText(RecordPath, state);
        Assert.Equal(state, System.Text.Encoding.UTF8.GetString(RecordJson.Serialize(RecordJson.ReadState(RecordPath)!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"status":"Running"}""")]
    [InlineData("""{"version":"1","status":"Running"}""")]
    [InlineData("""{"version":1,"status":"Dancing"}""")]
    [InlineData("""{"version":1,"status":"Running","process":{"pid":1}}""")]
    [InlineData("""{"version":1,"status":"Running","process":7}""")]
    [InlineData("""{"version":1,"status":"Running","started":"today"}""")]
    [InlineData("""{"version":1,"status":"Running","exitStatus":1e99}""")]
    [InlineData("""{"version":1,"status":"Running","stopRequested":1}""")]
    [InlineData("""{"version":1,"status":"Run""")]
    public void What_is_no_record_of_this_version_is_none(string text)
    {
        File.WriteAllText(RecordPath, text);
        Assert.Null(RecordJson.ReadState(RecordPath));
        Assert.Null(RecordJson.ReadDefinition(RecordPath));
    }

    [Fact]
    public void The_image_of_a_container_is_in_use_whatever_version_made_it()
    {
        RecordJson.Write(RecordPath, Full with { Version = 2 });
        Assert.Null(RecordJson.ReadDefinition(RecordPath));
        Assert.Equal(new RecordedImage("sha256:00", Full.RootDirectory), RecordJson.ReadImageUses(RecordPath)[0]);
        Assert.Equal(new RecordedImage("sha256:11", "/var/roots/11/rootfs"), RecordJson.ReadImageUses(RecordPath)[1]);
        RecordJson.Write(RecordPath, Full with { ImageDigest = null, Mounts = [] });
        Assert.Empty(RecordJson.ReadImageUses(RecordPath));
    }

    [Fact]
    public void Each_word_stands_at_its_value()
    {
        // Who waits for an end is recorded, and not a status of its own.
        Assert.Equal(Enum.GetNames<ContainerStatus>().Except([nameof(ContainerStatus.Stopping)]), RecordWords.Statuses);
        Assert.Equal(Enum.GetNames<StorageDriver>(), RecordWords.StorageDrivers);
        Assert.Equal(Enum.GetNames<NetworkMode>(), RecordWords.NetworkModes);
        Assert.Equal(Enum.GetNames<RestartCondition>(), RecordWords.RestartConditions);
    }
}
