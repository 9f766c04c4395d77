using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.TestSupport;

/// <summary>A terminal emulator around a command: what a user would see on the screen.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly string server = $"podspawn-{Guid.NewGuid():N}";

    private Tmux()
    {
    }

    internal static async Task<Tmux> Start(int rows, int columns, string command)
    {
        var tmux = new Tmux();
        await tmux.Call("-f", "/dev/null", "new-session", "-d", "-x", Text(columns), "-y", Text(rows), command, ";", "set-option", "-g", "remain-on-exit", "on", ";",
            "set-option", "-g", "status", "off", ";", "resize-window", "-x", Text(columns), "-y", Text(rows));
        return tmux;
    }

    internal Task Resize(int rows, int columns) => Call("resize-window", "-x", Text(columns), "-y", Text(rows));

    internal Task Type(string text) => Call("send-keys", "-l", text);

    /// <summary>Keys by tmux's names: Enter, Escape, C-c.</summary>
    internal Task Press(params string[] keys) => Call(["send-keys", .. keys]);

    /// <summary>Waits until the screen meets a condition.</summary>
    internal async Task Until(Func<string[], bool> screen)
    {
        for (DateTime end = DateTime.UtcNow.AddMinutes(1); ; await Task.Delay(30))
        {
            string shown = await Call("capture-pane", "-p");
            if (screen(shown.Split('\n')))
                return;
            Assert.True(DateTime.UtcNow < end, $"the screen stays so:\n{shown}");
        }
    }

    internal Task Until(string line) => Until(screen => screen.Any(shown => shown.Contains(line, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync() => await Call("kill-server");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> Call(params string[] arguments)
    {
        BufferedCommandResult result = await Cli.Wrap("tmux").WithArguments(["-L", server, .. arguments]).WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["TMUX"] = null }).ExecuteBufferedAsync();
        return result.StandardOutput;
    }
}
