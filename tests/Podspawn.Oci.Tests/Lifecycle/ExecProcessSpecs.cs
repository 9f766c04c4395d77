using System.Text;
using System.Text.Json;
using Podspawn.Oci.Host;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Executing;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Lifecycle;

public sealed class ExecProcessSpecs
{
    private const string Config = """
        {"ociVersion":"1.0.2","root":{"path":"/r"},"process":{"terminal":true,"consoleSize":{"height":1,"width":2},"user":{"uid":5,"gid":6,"additionalGids":[7]},
        "args":["init"],"env":["A=1","HOME=/root"],"cwd":"/srv","capabilities":{"bounding":["CAP_CHOWN"],"effective":["CAP_CHOWN"],"inheritable":[],"permitted":["CAP_CHOWN"],"ambient":[]},
        "rlimits":[{"type":"RLIMIT_NPROC","hard":9,"soft":8}],"noNewPrivileges":true,"oomScoreAdj":33,"apparmorProfile":"tight"},"mounts":[]}
        """;

    private readonly ContainerProcess own = ContainerProcess.Read(Encoding.UTF8.GetBytes(Config));

    [Fact]
    public void The_hardening_of_the_container_is_handed_on_word_for_word()
    {
        JsonElement json = Serialize(Plain());
        foreach (string property in new[] { "user", "capabilities", "rlimits", "noNewPrivileges", "oomScoreAdj", "apparmorProfile" })
            Assert.Equal(own.Json.GetProperty(property).GetRawText(), json.GetProperty(property).GetRawText());
    }

    [Fact]
    public void Command_environment_directory_and_terminal_are_the_commands_own()
    {
        JsonElement json = Serialize(Plain() with { Terminal = true, TerminalSize = (24, 80) });
        Assert.Equal("""["ls","-l"]""", json.GetProperty("args").GetRawText());
        Assert.Equal("""["B=2"]""", json.GetProperty("env").GetRawText());
        Assert.Equal("/w", json.GetProperty("cwd").GetString());
        Assert.True(json.GetProperty("terminal").GetBoolean());
        Assert.Equal("""{"height":24,"width":80}""", json.GetProperty("consoleSize").GetRawText());
        Assert.False(Serialize(Plain()).GetProperty("terminal").GetBoolean());
        Assert.False(Serialize(Plain()).TryGetProperty("consoleSize", out _));
    }

    [Fact]
    public void Another_user_has_the_bounding_set_and_nothing_to_inherit()
    {
        JsonElement json = Serialize(Plain() with { User = new ProcessUser(1000, 1001, [4, 5]) });
        Assert.Equal("""{"uid":1000,"gid":1001,"additionalGids":[1001,4,5]}""", json.GetProperty("user").GetRawText());
        Assert.Equal("""{"bounding":["CAP_CHOWN"],"effective":["CAP_CHOWN"],"permitted":["CAP_CHOWN"],"inheritable":[],"ambient":[]}""", json.GetProperty("capabilities")
            .GetRawText());
    }

    [Theory]
    [InlineData(1000, "[]")]
    [InlineData(0, "[\"CAP_CHOWN\"]")]
    public void Where_the_kernel_takes_nothing_from_another_user_it_is_left_out(uint uid, string effective)
    {
        JsonElement sets = Serialize(Plain() with { User = new ProcessUser(uid, 0, []) }, keeps: true).GetProperty("capabilities");
        Assert.Equal(effective, sets.GetProperty("effective").GetRawText());
        Assert.Equal(effective, sets.GetProperty("permitted").GetRawText());
        Assert.Equal("[\"CAP_CHOWN\"]", sets.GetProperty("bounding").GetRawText());
    }

    [Fact]
    public void The_containers_own_values_are_read_wherever_they_stand()
    {
        Assert.Equal((5u, "/srv"), (own.Uid, own.WorkingDirectory));
        Assert.Equal(["A=1", "HOME=/root"], own.Environment);
        Assert.Throws<JsonException>(() => ContainerProcess.Read("{}"u8));
    }

    private static ExecProcess Plain() => new() { Arguments = ["ls", "-l"], Environment = ["B=2"], WorkingDirectory = "/w" };

    private JsonElement Serialize(ExecProcess process, bool keeps = false)
    {
        var traits = new RuntimeTraits { Name = "any", Version = "1", Kernel = SystemCallHandler.Host, OtherUsersKeepCapabilities = keeps };
        using JsonDocument document = JsonDocument.Parse(process.Serialize(own, traits));
        return document.RootElement.Clone();
    }
}
