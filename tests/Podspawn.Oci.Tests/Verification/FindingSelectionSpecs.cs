using Podspawn.Oci.Errors;
using Podspawn.Oci.Verification.Findings;

namespace Podspawn.Oci.Tests.Verification;

public sealed class FindingSelectionSpecs
{
    [Fact]
    public void Without_words_everything_is_looked_at_and_tried()
    {
        FindingSelection all = FindingSelection.Parse([]);
        Assert.Equal(FindingNames.All.Order(), all.Findings.Order());
        Assert.True(all.Tries("pids_limit", "user_ids"));
    }

    [Fact]
    public void One_attack_of_a_finding_leaves_the_others_out()
    {
        FindingSelection one = FindingSelection.Parse(["pids_limit/user_ids", "pids_limit/threads", "tmpfs"]);
        Assert.Equal(["pids_limit", "tmpfs"], one.Findings.Order());
        Assert.True(one.Tries("pids_limit", "user_ids"));
        Assert.True(one.Tries("pids_limit", "threads"));
        Assert.False(one.Tries("pids_limit", "rlimit"));
        Assert.True(one.Tries("tmpfs", "map"));
        Assert.False(one.Tries("memory", "pipes"));
    }

    [Theory]
    [InlineData("pids_limit/user_ids", "pids_limit")]
    [InlineData("pids_limit", "pids_limit/user_ids")]
    public void The_whole_finding_beside_one_of_its_attacks_is_the_whole(params string[] words) => Assert.True(FindingSelection.Parse(words).Tries("pids_limit", "rlimit"));

    [Theory]
    [InlineData("pids_limits", "there is no finding 'pids_limits'; did you mean pids_limit?")]
    [InlineData("pids_limit/user_id", "there is no attack 'user_id' on pids_limit; did you mean user_ids?")]
    [InlineData("memory/everything", "there is no attack 'everything' on memory; there are cgroup, pipes,")]
    [InlineData("runtime/threads", "there is no attack 'threads' on runtime; it has none; leave the slash away")]
    public void A_wrong_name_is_refused_with_what_was_meant(string word, string message) =>
        Assert.StartsWith($"--only: {message}", Assert.Throws<ContainerException>(() => FindingSelection.Parse([word])).Message, StringComparison.Ordinal);
}
