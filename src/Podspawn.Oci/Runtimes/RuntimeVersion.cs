using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Runtimes;

/// <summary>What an OCI runtime answers to <c>--version</c>.</summary>
/// <param name="Name">The word before "version" on the first line.</param>
/// <param name="Version">The word after it.</param>
public sealed record RuntimeVersion(string Name, string Version)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Asks the program, or a cache that remembers the answer for as long as the file stays the same.</summary>
    /// <param name="program">An absolute path.</param>
    /// <param name="cacheDirectory">A directory that only root may write; null for no cache.</param>
    /// <exception cref="RuntimeException">The program does not answer as an OCI runtime does.</exception>
    public static RuntimeVersion Of(string program, string? cacheDirectory)
    {
        string? cache = cacheDirectory is null ? null : $"{cacheDirectory}/{program.Replace('/', '%')}.version";
        string key = FileKind.FactsOf(program) is { } facts ? $"{facts}" : "";
        if (cache is not null && SmallFile.Read(cache)?.Split('\n') is [string stamp, string name, string version, ..] && stamp == key)
            return new RuntimeVersion(name, version);

        RuntimeVersion answer = Ask(program);
        if (cache is not null)
            Remember(cache, $"{key}\n{answer.Name}\n{answer.Version}\n");
        return answer;
    }

    private static RuntimeVersion Ask(string program)
    {
        using var interruption = new Interruption();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        limit.CancelAfter(AnswerLimit);
        BufferedCommandResult result;
        try
        {
            result = CliWrap.Cli.Wrap(program).WithArguments(["--version"]).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (interruption.Signal > 0)
        {
            throw new RuntimeException($"{program}: did not answer --version before signal {interruption.Signal}", 128 + interruption.Signal);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw NotARuntime(program, e is OperationCanceledException ? "it does not answer --version" : e.Message);
        }
        return result.ExitCode == 0 && Parse(result.StandardOutput) is { } version ? version : throw NotARuntime(program, "it does not answer --version as one");
    }

    /// <summary>Reads "NAME version VERSION" and a later line "spec: ..."; null for anything else.</summary>
    internal static RuntimeVersion? Parse(string answer)
    {
        string[] lines = answer.Split('\n');
        string[] words = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool speaksTheSpec = lines.Any(line => line.StartsWith("spec:", StringComparison.Ordinal));
        return words is [string name, "version", string version, ..] && speaksTheSpec ? new RuntimeVersion(name, version) : null;
    }

    private static RuntimeException NotARuntime(string program, string why) =>
        new($"{program}: is not an OCI runtime: {why}; name runc, crun or runsc with --runtime");

    private static void Remember(string cache, string text)
    {
        try
        {
            string draft = $"{cache}.{Environment.ProcessId}";
            File.WriteAllText(draft, text);
            File.Move(draft, cache, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The cache only saves time: without it the next launch asks again.
        }
    }
}
