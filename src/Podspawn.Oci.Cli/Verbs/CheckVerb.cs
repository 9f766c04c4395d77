using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>check</c>: lists every error of a config.</summary>
internal static class CheckVerb
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "The configs to check", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("check", """
            Validate podspawn configs and print every error, not only the first. Exit status 1 when a file has any.

            Examples:
              podspawn-oci check /etc/podspawn/config.yaml
              podspawn-oci check configs/*.yaml
            """)
        {
            files,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            HostFacts host = HostProbe.Read();
            bool clean = true;
            foreach (string file in parsed.GetValue(files) ?? [])
                clean &= Check(file, host);
            return clean ? ExitCodes.Success : ExitCodes.Failure;
        }));
        return verb;
    }

    private static bool Check(string file, HostFacts host)
    {
        ConfigReading reading = ConfigLoader.ReadFile(file);
        PodspawnConfig config = reading.Config;
        IReadOnlyList<Problem> problems = ConfigCheck.Problems(reading, host);
        foreach (Problem warning in config.Warnings)
            Streams.Error.WriteLine($"warning: {warning}");
        foreach (string warning in ConfigCheck.SeccompWarnings(config))
            Streams.Error.WriteLine($"warning: security.seccomp: {config.Security.Seccomp}: {warning}");
        foreach (Problem problem in problems)
            Streams.Error.WriteLine(problem);
        if (problems.Count == 0)
            Streams.Output.WriteLine($"{file}: ok");
        return problems.Count == 0;
    }
}
