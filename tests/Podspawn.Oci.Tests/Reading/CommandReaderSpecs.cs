using System.CommandLine;
using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Reading;
using Podspawn.Oci.Cli.Verbs;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>Command lines as docker and podman users type them.</summary>
public sealed class CommandReaderSpecs
{
    [Theory]
    [InlineData("rm -fQ q1", "-Q: rm has no such flag (in '-fQ')")]
    [InlineData("rm -f -Q", "-Q: rm has no such flag")]
    [InlineData("rm -f --now web", "--now: rm has no such flag")]
    [InlineData("update --memory 64m --memory-no 128m web", "--memory-no: update has no such flag")]
    [InlineData("inspect --frm X web", "--frm: inspect has no such flag")]
    [InlineData("run -tz --rootfs d sh", "-z: run has no such flag (in '-tz')")]
    [InlineData("run -rm --rootfs d sh", "-r: run has no such flag (in '-rm'); did you mean --rm?")]
    [InlineData("run --read-only=perhaps --rootfs d sh", "--read-only: 'perhaps' is neither true nor false")]
    [InlineData("run --memroy 1g debian", "--memroy: run has no such flag; did you mean --memory?")]
    [InlineData("run -h", "-h: its value is missing; write -h NAME, or --help for the help")]
    [InlineData("stop -t", "-t: its value is missing; write -t SECONDS")]
    [InlineData("generate systemd --fils web", "--fils: generate systemd has no such flag; did you mean --files?")]
    [InlineData("--verbos ps", "--verbos: podspawn-oci has no such flag; did you mean --verbose?")]
    [InlineData("--runtime crun ps", "--runtime: podspawn-oci has no such flag; see 'podspawn-oci --help'")]
    [InlineData("rnu debian", "rnu: podspawn-oci has no such verb; did you mean run?")]
    [InlineData("generate sytemd web", "sytemd: podspawn-oci generate has no such verb; did you mean systemd?")]
    [InlineData("bananas", "bananas: podspawn-oci has no such verb; see 'podspawn-oci --help'")]
    [InlineData("rename a", "NAME is missing; write podspawn-oci rename CONTAINER NAME")]
    [InlineData("rename a b c", "'c': one word too many; write podspawn-oci rename CONTAINER NAME")]
    [InlineData("cp", "SOURCE is missing; write podspawn-oci cp [FLAGS] SOURCE TARGET")]
    public void What_it_does_not_understand_is_refused_with_what_is_nearest(string line, string message) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => CommandLine.Read(line.Split(' '))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "the verb is missing; write podspawn-oci VERB", "--help")]
    [InlineData("--verbose", "the verb is missing; write podspawn-oci VERB", "--help")]
    [InlineData("generate", "the verb is missing; write podspawn-oci generate VERB", "generate --help")]
    public void Without_a_verb_there_is_usage(string line, string message, string help)
    {
        MissingVerbException refusal = Assert.Throws<MissingVerbException>(() => CommandLine.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal((message, help), (refusal.Message, string.Join(' ', refusal.Help)));
    }

    [Theory]
    [InlineData("run --rootfs d ls -l --read-only=yes", "ls -l --read-only=yes")]
    [InlineData("run --rootfs d -- ls -l", "ls -l")]
    [InlineData("run --rootfs d --read-only yes", "yes")]
    [InlineData("run -it --rootfs d sh", "sh")]
    [InlineData("run -iu0 --rootfs d sh -c x", "sh -c x")]
    [InlineData("run -iu 0 --rootfs d /h /?", "/h /?")]
    [InlineData("exec web ps -ef", "web ps -ef")]
    [InlineData("top web -o pid", "web -o pid")]
    [InlineData("create --rootfs d -- -x", "-x")]
    [InlineData("rm web -f worker", "web worker")]
    [InlineData("cp - web:/x", "- web:/x")]
    [InlineData("rm -- -f", "-f")]
    [InlineData("logs -n -1 web", "web")]
    public void Words_are_the_verbs_and_a_commands_flags_are_its_own(string line, string words)
    {
        ParseResult parsed = CommandLine.Read(line.Split(' '));
        Assert.Empty(parsed.Errors);
        Assert.Equal(words, string.Join(' ', parsed.CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)!.Tokens).Select(token => token.Value)));
    }

    [Theory]
    [InlineData("run -h box --rootfs d sh", "box")]
    [InlineData("run -hbox --rootfs d sh", "box")]
    [InlineData("create -ith box --rootfs d sh", "box")]
    [InlineData("run --hostname a -h b --rootfs d sh", "b")]
    public void The_letter_h_is_the_host_name_where_there_is_one(string line, string name)
    {
        ParseResult parsed = CommandLine.Read(line.Split(' '));
        Assert.Equal(name, parsed.GetValue<string?>("--hostname"));
        Assert.IsNotType<System.CommandLine.Help.HelpAction>(parsed.Action);
    }

    [Fact]
    public void The_letter_h_is_help_elsewhere()
    {
        Assert.IsType<System.CommandLine.Help.HelpAction>(CommandLine.Read(["ps", "-h"]).Action);
        Assert.IsType<System.CommandLine.Help.HelpAction>(CommandLine.Read(["-h"]).Action);
        Assert.IsType<System.CommandLine.Help.HelpAction>(CommandLine.Read(["run", "--help"]).Action);
    }

    [Theory]
    [InlineData("--verbose ps", true)]
    [InlineData("ps --verbose", true)]
    [InlineData("ps --verbose=no", false)]
    [InlineData("--verbose ps --verbose=0", false)]
    [InlineData("ps", false)]
    public void Verbosity_stands_before_the_verb_or_behind_it(string line, bool on) => Assert.Equal(on, NoteFlags.IsVerbose(CommandLine.Read(line.Split(' '))));

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    public void The_version_has_an_action_of_its_own(string flag) => Assert.IsType<ShowVersion>(CommandLine.Read([flag]).Action);

    [Fact]
    public void A_shell_that_completes_a_line_is_answered()
    {
        using var output = new StringWriter();
        CommandLine.Read(["[suggest:16]", "podspawn-oci ren"]).Invoke(new InvocationConfiguration { Output = output });
        Assert.Contains("rename", output.ToString(), StringComparison.Ordinal);
        using var flags = new StringWriter();
        CommandLine.Read(["[suggest:23]", "podspawn-oci run --host"]).Invoke(new InvocationConfiguration { Output = flags });
        Assert.Contains("--hostname", flags.ToString(), StringComparison.Ordinal);
    }
}
