using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Runtimes;

/// <summary>An OCI runtime's answer to <c>--version</c>.</summary>
/// <param name="Name">The word before "version" on the first line.</param>
/// <param name="Version">The word after it.</param>
public sealed record RuntimeVersion(string Name, string Version)
{
    // Increased when the file's format changes: a file in another format is not read, and the runtime is asked again.
    private const string CacheForm = "2";
    private const int LargestCache = 256 << 10;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>The release that the version names.</summary>
    public RuntimeRelease Release => RuntimeRelease.Parse(Version);

    /// <summary>The program's answer to <c>features</c>; null where it was not asked, has no such verb, or gave an answer that cannot be parsed.</summary>
    public RuntimeFeatures? Features { get; init; }

    /// <summary>Asks the program, or reads a cache whose answer is valid as long as the file is unchanged.</summary>
    /// <param name="program">An absolute path.</param>
    /// <param name="cacheDirectory">A directory that only root may write; null for no cache.</param>
    /// <param name="signals">The source of a signal that ends the wait for its answer; null for none.</param>
    /// <exception cref="RuntimeException">The program does not answer like an OCI runtime.</exception>
    public static RuntimeVersion Of(string program, string? cacheDirectory, ISignalSource? signals = null)
    {
        string? cache = cacheDirectory is null ? null : $"{cacheDirectory}/{program.Replace('/', '%')}.version";
        string key = FileKind.FactsOf(program) is { } facts ? $"{facts}" : "";
        if (cache is not null && SmallFile.Read(cache, LargestCache)?.Split('\n') is [CacheForm, string stamp, string name, string version, string features, ""] && stamp == key)
            return new RuntimeVersion(name, version) { Features = RuntimeFeatures.FromLine(features) };

        RuntimeVersion answer = Ask(program, signals);
        if (RuntimeDriver.TableOf(answer.Name)?.HasFeatures(answer.Release) == true)
            answer = answer with { Features = AskFeatures(program, signals) };
        if (cache is not null)
            Remember(cache, $"{CacheForm}\n{key}\n{answer.Name}\n{answer.Version}\n{answer.Features?.ToLine()}\n");
        return answer;
    }

    private static RuntimeVersion Ask(string program, ISignalSource? signals)
    {
        BufferedCommandResult result;
        try
        {
            result = Run(program, "--version", signals);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw NotARuntime(program, e is OperationCanceledException ? "it does not answer --version" : e.Message);
        }
        return result.ExitCode == 0 && Parse(result.StandardOutput) is { } version ? version : throw NotARuntime(program, "it does not answer --version as one");
    }

    // A runtime that does not answer is judged by its release.
    private static RuntimeFeatures? AskFeatures(string program, ISignalSource? signals)
    {
        try
        {
            BufferedCommandResult result = Run(program, "features", signals);
            return result.ExitCode == 0 ? RuntimeFeatures.Parse(result.StandardOutput) : null;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static BufferedCommandResult Run(string program, string question, ISignalSource? signals)
    {
        using var interruption = new Interruption(signals);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        limit.CancelAfter(AnswerLimit);
        try
        {
            return CliWrap.Cli.Wrap(program).WithArguments([question]).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (interruption.Signal > 0)
        {
            throw new RuntimeException($"{program}: did not answer {question} before signal {interruption.Signal}", ExitCodes.OfSignal(interruption.Signal));
        }
    }

    /// <summary>Parses "NAME version VERSION" and a later line "spec: ..."; null for anything else.</summary>
    internal static RuntimeVersion? Parse(string answer)
    {
        string[] lines = answer.Split('\n');
        string[] words = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool speaksTheSpec = lines.Any(line => line.StartsWith("spec:", StringComparison.Ordinal));
        return words is [string name, "version", string version, ..] && speaksTheSpec ? new RuntimeVersion(name, version) : null;
    }

    private static RuntimeException NotARuntime(string program, string why) =>
        new($"{program}: is not an OCI runtime: {why}; name runc, crun or runsc with {Setting.Runtime}");

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
