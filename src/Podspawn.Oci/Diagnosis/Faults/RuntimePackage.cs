using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The version of the Debian or Ubuntu package that a runtime comes from: distributions mend old releases, which their own version does not tell.</summary>
internal static class RuntimePackage
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Asks the program, and then the package database.</summary>
    /// <param name="program">An absolute path.</param>
    /// <returns>Null where no package owns it, or the database is another's.</returns>
    public static string? VersionOf(string program) => Told(Ask(program, "--version") ?? "") ?? Owner(program);

    /// <summary>What an answer to <c>--version</c> tells of the package: runc's <c>commit:</c> line is its version in Debian's, and in Ubuntu's the version itself.</summary>
    internal static string? Told(string answer)
    {
        string[] lines = answer.Split('\n');
        if (lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, "version", string version, ..])
            return null;
        string? commit = lines.FirstOrDefault(line => line.StartsWith("commit: ", StringComparison.Ordinal))?["commit: ".Length..].Trim();
        if (commit is not null && commit.StartsWith($"{version}-", StringComparison.Ordinal))
            return commit;
        return version.Contains("ubuntu", StringComparison.Ordinal) ? version : null;
    }

    /// <summary>The package's name in an answer of <c>dpkg-query --search</c>: <c>runc: /usr/sbin/runc</c>.</summary>
    internal static string? NameIn(string answer, string program)
    {
        string? line = answer.Split('\n').FirstOrDefault(item => item.EndsWith($": {program}", StringComparison.Ordinal) && !item.StartsWith("diversion ", StringComparison.Ordinal));
        return line?[..^($": {program}".Length)].Split(',')[0];
    }

    private static string? Owner(string program)
    {
        if (HostProgram.Find("dpkg-query") is not { } query || NameIn(Ask(query, "--search", program) ?? "", program) is not { } name)
            return null;
        string? version = Ask(query, "--show", "--showformat=${Version}", name)?.Trim();
        return version?.Length > 0 ? version : null;
    }

    // What does not answer, or not in time, tells nothing: the release alone counts then.
    private static string? Ask(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            BufferedCommandResult result = Cli.Wrap(program).WithArguments(arguments)
                .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C")).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(limit.Token).GetAwaiter().GetResult();
            return result.ExitCode == 0 ? result.StandardOutput : null;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
