using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.RootFilesystems;

public sealed class CommandLookupSpecs : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;
    private readonly TemporaryDirectory directory = new();

    public CommandLookupSpecs()
    {
        directory.Write("bin/tool", "", Executable);
        directory.Write("bin/plain", "");
        directory.Write("usr/bin/plain", "", Executable);
        directory.Write("srv/local", "", Executable);
        directory.Link("bin/absolute", "/bin/tool");
        directory.Link("bin/climbing", "../../../../bin/tool");
        directory.Link("bin/dangling", "/bin/none");
        directory.Link("bin/circle", "circle");
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("tool", CommandState.Runnable)]
    [InlineData("/bin/tool", CommandState.Runnable)]
    [InlineData("absolute", CommandState.Runnable)]
    [InlineData("climbing", CommandState.Runnable)]
    [InlineData("plain", CommandState.Runnable)]
    [InlineData("./local", CommandState.Runnable)]
    [InlineData("local", CommandState.NotFound)]
    [InlineData("dangling", CommandState.NotFound)]
    [InlineData("circle", CommandState.NotFound)]
    [InlineData("/bin/circle", CommandState.Circle)]
    [InlineData("none", CommandState.NotFound)]
    [InlineData("/bin/plain", CommandState.NotExecutable)]
    [InlineData("/bin", CommandState.NotExecutable)]
    [InlineData("/bin/tool/x", CommandState.NotFound)]
    public void A_command_is_found_as_execvp_inside_would(string command, CommandState state)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Equal(state, CommandLookup.Find(root, command, "/srv", ["PATH=/nowhere:/bin:/usr/bin"]));
    }
}
