using System.CommandLine;
using Podspawn.Oci.Cli.Output;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>completion</c>: prints a script that teaches a shell our verbs and flags.</summary>
internal static class CompletionVerb
{
    internal static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        var verb = new Command("completion", """
            Print the completion script for a shell.

            Examples:
              podspawn-oci completion bash > /etc/bash_completion.d/podspawn-oci
              podspawn-oci completion fish > ~/.config/fish/completions/podspawn-oci.fish
            """)
        {
            shell,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            Streams.Output.WriteLine(Script(parsed.GetValue(shell) ?? ""));
            return 0;
        }));
        return verb;
    }

    // The [suggest] directive of System.CommandLine answers with the words that fit at a position of a command line.
    private static string Script(string shell) => shell switch
    {
        "bash" => """
            _podspawn_oci() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -o default -W "$(podspawn-oci "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _podspawn_oci podspawn-oci
            """,
        "zsh" => """
            #compdef podspawn-oci
            _podspawn_oci() {
              local -a words_found
              words_found=("${(@f)$(podspawn-oci "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a words_found
              _files
            }
            compdef _podspawn_oci podspawn-oci
            """,
        "fish" => """
            complete -c podspawn-oci -a '(podspawn-oci "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        _ => throw new UsageException($"no completion for '{shell}'; use bash, zsh or fish"),
    };
}
