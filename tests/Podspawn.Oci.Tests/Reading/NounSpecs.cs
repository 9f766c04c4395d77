using System.CommandLine;
using System.CommandLine.Help;
using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Verbs;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>The nouns of docker and podman: their verbs are those of the program.</summary>
public sealed class NounSpecs
{
    /// <summary>A noun, a verb below it by each of its names, and the short verb.</summary>
    public static TheoryData<string, string, string> Same
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (string noun in Nouns.All)
            {
                foreach (NounVerb verb in Nouns.Of(noun).Where(verb => verb.Short is not null))
                {
                    foreach (string name in verb.Aliases.Prepend(verb.Name))
                        rows.Add(noun, name, verb.Short!);
                }
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Same))]
    public void A_verb_below_a_noun_has_the_flags_and_words_of_the_short_one(string noun, string name, string verb)
    {
        Command below = Assert.Single(Assert.Single(CommandLine.Tree([noun, name]).Subcommands).Subcommands), alone = Assert.Single(CommandLine.Tree([verb]).Subcommands);
        Assert.Equal(alone.Options.Select(option => option.Name), below.Options.Select(option => option.Name));
        Assert.Equal(alone.Arguments.Select(argument => argument.Name), below.Arguments.Select(argument => argument.Name));
        Assert.Equal([verb, "-x", noun, name], Nouns.WithoutNoun([noun, name, "-x", noun, name]));
    }

    [Fact]
    public void A_command_line_without_a_noun_stays()
    {
        Assert.Equal(["run", "container", "ls"], Nouns.WithoutNoun(["run", "container", "ls"]));
        Assert.Equal(["container", "exists", "x"], Nouns.WithoutNoun(["container", "exists", "x"]));
        Assert.Equal(["container"], Nouns.WithoutNoun(["container"]));
    }

    [Fact]
    public void Without_a_verb_or_with_a_wrong_one_a_noun_tells_its_verbs()
    {
        Assert.Equal("the verb is missing; write podspawn-oci container VERB", Assert.Throws<Podspawn.Oci.Cli.Reading.MissingVerbException>(() => CommandLine.Read(["container"])).Message);
        Assert.StartsWith("stpo: podspawn-oci container has no such verb; did you mean stop?",
            Assert.Throws<UsageException>(() => CommandLine.Read(["container", "stpo", "x"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_letter_for_help_is_a_host_name_only_where_the_verb_says_so()
    {
        Assert.IsType<HelpAction>(CommandLine.Read(["container", "-h"]).Action);
        Assert.IsType<HelpAction>(CommandLine.Read(["container", "stop", "-h"]).Action);
        ParseResult parsed = CommandLine.Read(["container", "run", "-h", "box", "image"]);
        Assert.Equal("box", parsed.GetValue<string>("--hostname"));
    }
}
