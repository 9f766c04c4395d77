using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Containers from images whose configuration aims at the host or makes no sense: run as docker would, or refused with a message.</summary>
public sealed class HostileConfigurationSpecs : IDisposable
{
    private const string ReadOnly = "--read-only=true", Writable = "--read-only=false";

    private readonly Workshop workshop = new();

    /// <summary>The config, the kind of root, the status, and the message.</summary>
    public static TheoryData<string, string, int, string> Refused => new()
    {
        { """{"User":"root:x:y"}""", Writable, 125, "no group 'x:y'" },
        { """{"User":"no-such"}""", Writable, 125, "no user 'no-such'" },
        { """{"User":"99999999999"}""", Writable, 125, "no user '99999999999'" },
        { """{"User":"-1"}""", Writable, 125, "no user '-1'" },
        { """{"User":"4294967295"}""", Writable, 125, "no user '4294967295'" },
        { """{"User":"1000:no-such"}""", Writable, 125, "no group 'no-such'" },
        { """{"User":"../../etc/passwd"}""", Writable, 125, "no user '../../etc/passwd'" },
        { """{"WorkingDir":"/proc/self/fd/7"}""", Writable, 125, "leads into /proc" },
        { """{"WorkingDir":"/a/../proc/self/cwd"}""", Writable, 125, "leads into /proc" },
        { """{"WorkingDir":"/dev/fd/7"}""", Writable, 125, "leads into /proc" },
        { """{"WorkingDir":"/to-descriptor"}""", Writable, 125, "/to-descriptor is a symbolic link to what the root filesystem does not have" },
        { """{"WorkingDir":"/to-nowhere/x"}""", Writable, 125, "/to-nowhere is a symbolic link to what the root filesystem does not have" },
        { """{"WorkingDir":"/file"}""", Writable, 125, "/file: cannot be a directory" },
        { """{"Volumes":{"/proc":{}}}""", ReadOnly, 125, "nothing may be mounted at '/proc'" },
        { """{"Volumes":{"/proc/self/fd":{}}}""", ReadOnly, 125, "nothing may be mounted at '/proc/self/fd'" },
        { """{"Volumes":{"/to-proc":{}}}""", ReadOnly, 125, "nothing may be mounted at '/proc'" },
        { """{"Volumes":{"/sys":{}}}""", ReadOnly, 125, "nothing may be mounted at '/sys'" },
        { """{"Volumes":{"/dev":{}}}""", ReadOnly, 125, "nothing may be mounted at '/dev'" },
        { """{"Volumes":{"/to-descriptor":{}}}""", ReadOnly, 125, "/to-descriptor is a symbolic link to what the root filesystem does not have" },
        { """{"Volumes":{"/file":{}}}""", ReadOnly, 125, "/file: cannot be a directory" },
        { """{"Volumes":{"/file/x":{}}}""", ReadOnly, 125, "/file/x: cannot be a directory" },
        { """{"Env":["PATH="]}""", Writable, 127, "command 'sh' is not found" },
        { """{"Entrypoint":["no-such"]}""", Writable, 127, "command 'no-such' is not found" },
        { """{"Entrypoint":[""]}""", Writable, 126, "command '' cannot be executed" },
        { """{"Entrypoint":["/file"]}""", Writable, 126, "command '/file' cannot be executed" },
    };

    /// <summary>The config, the kind of root, a script, and its output.</summary>
    public static TheoryData<string, string, string, string> Run => new()
    {
        { """{"WorkingDir":"../.."}""", Writable, "pwd", "/" },
        { """{"WorkingDir":"relative"}""", Writable, "pwd", "/relative" },
        { """{"WorkingDir":"/up/x"}""", Writable, "pwd", "/x" },
        { """{"WorkingDir":"/up/x"}""", ReadOnly, "pwd", "/x" },
        { """{"Volumes":{"/../x":{}}}""", ReadOnly, "touch /x/y; ls /x", "y" },
        { """{"Volumes":{"/up/x":{}}}""", ReadOnly, "touch /x/y; ls /x", "y" },
        { """{"Volumes":{"/a:b,c":{}}}""", ReadOnly, "touch '/a:b,c/y'; ls '/a:b,c'", "y" },
        { """{"Volumes":{"/data":{},"/data/sub":{}}}""", ReadOnly, "touch /data/y /data/sub/z; ls /data /data/sub | tr '\\n' ' '", "/data: here sub y  /data/sub: z" },
        { """{"Volumes":{"/proc":{}}}""", Writable, "cat /proc/self/comm", "cat" },
        { """{"Env":["NOTHING","=x","A=1","A=2"]}""", Writable, "env | grep -e NOTHING -e =x -e A=", "A=2" },
        { """{"Env":["B=a=b\nc"]}""", Writable, "echo \"$B\" | tr '\\n' '+'", "a=b+c+" },
        { """{"StopSignal":"SIGWHATEVER"}""", Writable, "echo runs", "runs" },
        { """{"StopSignal":"99999999999"}""", Writable, "echo runs", "runs" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_run_is_refused(string config, string root, int status, string words)
    {
        (Outcome ran, TreeListing before, string tree) = await Launch(config, root, "echo runs");
        Assert.Equal(status, ran.Status);
        Assert.Contains(words, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("podspawn-oci: unexpected ", ran.Error, StringComparison.Ordinal);
        Assert.Empty(ran.Text);
        before.AssertSame(TreeListing.Of(tree, watched: true));
    }

    [Theory]
    [MemberData(nameof(Run))]
    public async Task What_makes_sense_is_run(string config, string root, string script, string printed)
    {
        (Outcome ran, TreeListing before, string tree) = await Launch(config, root, script);
        Assert.Equal(printed, ran.Succeeded().Text.Trim());
        before.AssertSame(TreeListing.Of(tree, watched: true));
    }

    [Theory]
    [InlineData("""{"User":"\u001b[31mred\rx"}""")]
    [InlineData("""{"WorkingDir":"/proc/\u001b[31mred"}""")]
    [InlineData("""{"Entrypoint":["\u001b]0;title\u0007"]}""")]
    [InlineData("""{"Volumes":{"/sys/\u009b31m":{}}}""")]
    public async Task Control_characters_of_an_image_do_not_reach_the_terminal(string config)
    {
        (Outcome ran, _, _) = await Launch(config, ReadOnly, "echo runs");
        Assert.NotEqual(0, ran.Status);
        Assert.DoesNotContain(ran.Error, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData("""{"User":"no\npodspawn-oci: forged"}""")]
    [InlineData("""{"User":"root:no\npodspawn-oci: forged"}""")]
    [InlineData("""{"WorkingDir":"/proc/\npodspawn-oci: forged"}""")]
    [InlineData("""{"WorkingDir":"/file/\npodspawn-oci: forged"}""")]
    [InlineData("""{"Entrypoint":["/bin/no\npodspawn-oci: forged"]}""")]
    [InlineData("""{"Volumes":{"/sys/\npodspawn-oci: forged":{}}}""")]
    public async Task Text_of_an_image_begins_no_line_of_a_message(string config)
    {
        (Outcome ran, _, _) = await Launch(config, ReadOnly, "echo runs");
        Assert.NotEqual(0, ran.Status);
        Assert.DoesNotContain("\npodspawn-oci: forged", ran.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workshop.Dispose();

    private async Task<(Outcome Ran, TreeListing Before, string Tree)> Launch(string config, string root, string script)
    {
        var node = (JsonObject)JsonNode.Parse(config)!;
        string image = workshop.Craft(new CraftedImage(CraftedLayer.OfTree(Repository.Busybox), CraftedLayer.Of(
            TarEntry.File("file", "text"), TarEntry.Directory("data/"), TarEntry.File("data/here"), TarEntry.Symlink("to-descriptor", "/proc/self/fd/7"),
            TarEntry.Symlink("to-proc", "proc"), TarEntry.Symlink("to-nowhere", "/nowhere"), TarEntry.Symlink("up", "../../../..")))
        { Config = node });
        string tree = await workshop.Pull(image);
        TreeListing before = TreeListing.Of(tree, watched: true);
        string[] command = node["Entrypoint"] is null ? ["sh", "-c", script] : [];
        Outcome ran = await workshop.Call("run", ["--quiet", "--runtime", "runc", root, image, .. command]);
        workshop.AssertUntouched();
        return (ran, before, tree);
    }
}
