using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>Other containers that a launch names: found by name, id or its beginning, and only those that let themselves be joined or needed.</summary>
public sealed class NamespaceOptionsSpecs : IDisposable
{
    private readonly TemporaryDirectory place = new();

    private StateLayout Layout => new($"{place.Path}/run", $"{place.Path}/data");

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_shareable_container_is_found_by_its_name_its_id_and_its_beginning()
    {
        ContainerDefinition web = Make('a', "web", new SharedNamespaces { Ipc = IpcMode.Shareable });
        foreach (string name in new[] { "web", web.Id, "aaaa" })
        {
            SharedNamespaces shared = new NamespaceOptions { Ipc = IpcMode.Container, IpcContainer = name, PidContainer = name }.Read(Layout);
            Assert.Equal((new OtherContainer(web.Id, "web"), new OtherContainer(web.Id, "web")), (shared.IpcOf, shared.PidOf));
        }
        Assert.Same(SharedNamespaces.None, new NamespaceOptions().Read(Layout));
    }

    [Fact]
    public void One_that_does_not_let_itself_be_joined_is_refused()
    {
        Make('a', "closed", SharedNamespaces.None);
        Make('b', "joins", new SharedNamespaces { Ipc = IpcMode.Container, IpcOf = new OtherContainer("c", "c") });
        Make('c', "sandbox", new SharedNamespaces { Ipc = IpcMode.Shareable }, runtime: "runsc");
        Make('d', "passing", new SharedNamespaces { Ipc = IpcMode.Shareable }, foreground: true);
        Make('e', "traces", SharedNamespaces.None, capability: "CAP_SYS_PTRACE");
        Assert.Contains("shareable", RefusedIpc("closed"), StringComparison.Ordinal);
        Assert.Contains("shareable", RefusedIpc("joins"), StringComparison.Ordinal);
        Assert.Contains("gvisor", RefusedIpc("sandbox"), StringComparison.Ordinal);
        Assert.Contains("goes with the command", RefusedIpc("passing"), StringComparison.Ordinal);
        Assert.Contains("there is no container", RefusedIpc("nosuch"), StringComparison.Ordinal);
        Assert.Contains("there is no container", RefusedIpc("../run"), StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_PTRACE", Refused(new NamespaceOptions { PidContainer = "traces" }), StringComparison.Ordinal);
        File.Delete(Layout.Of(new string('a', 64)).Config);
        Assert.Contains("cannot be read", Refused(new NamespaceOptions { PidContainer = "closed" }), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_needed_is_there_stays_and_is_not_the_one_that_goes()
    {
        ContainerDefinition web = Make('a', "web", SharedNamespaces.None);
        Make('d', "passing", SharedNamespaces.None, foreground: true);
        LaunchOptions options = new() { Config = TestFacts.Config(), Requires = ["web", "aaa", web.Id] };
        Assert.Equal([new OtherContainer(web.Id, "web")], RequiredContainers.Read(options, Layout));
        Assert.Throws<ContainerException>(() => RequiredContainers.Read(options with { Requires = ["nosuch"] }, Layout));
        Assert.Throws<ContainerException>(() => RequiredContainers.Read(options with { Requires = ["passing"] }, Layout));
        Assert.Throws<ContainerException>(() => RequiredContainers.Read(options with { Name = "web", Replace = true }, Layout));
    }

    private string RefusedIpc(string name) => Refused(new NamespaceOptions { Ipc = IpcMode.Container, IpcContainer = name });

    private string Refused(NamespaceOptions options) => Assert.Throws<ContainerException>(() => options.Read(Layout)).Message;

    private ContainerDefinition Make(char digit, string name, SharedNamespaces shared, string runtime = "runc", bool foreground = false, string capability = "CAP_KILL")
    {
        var definition = new ContainerDefinition
        {
            Id = new string(digit, 64),
            Name = name,
            Created = DateTimeOffset.UnixEpoch,
            Foreground = foreground,
            RootDirectory = "/srv",
            Command = ["sh"],
            Namespaces = shared,
            HostName = "web",
            Runtime = new RuntimeProgram($"/usr/bin/{runtime}", runtime, "1.0", []),
        };
        ContainerPaths paths = Layout.Of(definition.Id);
        Directory.CreateDirectory(paths.Directory);
        Directory.CreateDirectory(Layout.Names);
        File.WriteAllText($"{Layout.Names}/{name}", definition.Id);
        RecordJson.Write(paths.Definition, definition);
        RuntimeSpec spec = TestFacts.Translate(new Podspawn.Oci.Configuration.SecurityConfig { CapAdd = [capability] }).Spec;
        File.WriteAllBytes(paths.Config, SpecJson.Serialize(spec).ToArray());
        return definition;
    }
}
