using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The version of the Debian or Ubuntu package that a runtime comes from: distributions fix old releases, which the runtime's own version does not show.</summary>
internal static class RuntimePackage
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Asks the program, and then the package database.</summary>
    /// <param name="program">An absolute path.</param>
    /// <returns>Null where no package owns the program, or where there is no such database.</returns>
    public static string? VersionOf(string program) => Told(Ask(program, "--version") ?? "") ?? Owner(program);

    /// <summary>The package's version in an answer to <c>--version</c>: Debian's runc has it in the <c>commit:</c> line, Ubuntu's in the version itself.</summary>
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
        string? line = answer.Split('\n')
            .FirstOrDefault(item => item.EndsWith($": {program}", StringComparison.Ordinal) && !item.StartsWith("diversion ", StringComparison.Ordinal));
        return line?[..^($": {program}".Length)].Split(',')[0];
    }

    private static string? Owner(string program)
    {
        if (HostProgram.Find("dpkg-query") is not { } query || NameIn(Ask(query, "--search", program) ?? "", program) is not { } name)
            return null;
        string? version = Ask(query, "--show", "--showformat=${Version}", name)?.Trim();
        return version?.Length > 0 ? version : null;
    }

    // A program that does not answer in time tells nothing: then only the release counts.
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
