using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Verbs;

namespace Podspawn.Oci.Tests.Callbacks;

/// <summary>The command that a container's monitor calls when the container has ended.</summary>
public sealed class CleanupSpecs
{
    // The second one is called by the monitors of containers that an earlier release has started.
    [Theory]
    [InlineData("cleanup")]
    [InlineData("settle")]
    public void A_monitor_finds_its_verb_which_a_person_is_not_shown(string name)
    {
        System.CommandLine.Command verb = Assert.Single(CommandLine.Tree([name, "1"]).Subcommands);
        Assert.Equal((name, true), (verb.Name, verb.Hidden));
    }

    [Fact]
    public void A_monitor_is_given_the_verbs_present_name() => Assert.Equal([CleanupVerb.Name], OwnProgram.ExitCommand.Arguments);
}
