using Podspawn.Oci.Errors;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.State;

/// <summary>Restart policies in docker's words.</summary>
public sealed class RestartPolicyTextSpecs
{
    [Theory]
    [InlineData("no", RestartCondition.No, 0)]
    [InlineData("on-failure", RestartCondition.OnFailure, 0)]
    [InlineData("on-failure:0", RestartCondition.OnFailure, 0)]
    [InlineData("on-failure:7", RestartCondition.OnFailure, 7)]
    [InlineData("always", RestartCondition.Always, 0)]
    [InlineData("unless-stopped", RestartCondition.Always, 0)]
    public void Docker_s_words_are_understood(string text, RestartCondition condition, int retries) =>
        Assert.Equal(new RestartPolicy(condition, retries), RestartPolicyText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("sometimes")]
    [InlineData("Always")]
    [InlineData("always:3")]
    [InlineData("no:0")]
    [InlineData("on-failure:")]
    [InlineData("on-failure:-1")]
    [InlineData("on-failure:1:2")]
    [InlineData("on-failure:9999999999")]
    public void Anything_else_is_refused(string text) =>
        Assert.Contains($"'{text}' is no restart policy", Assert.Throws<ContainerException>(() => RestartPolicyText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("no")]
    [InlineData("on-failure")]
    [InlineData("on-failure:3")]
    [InlineData("always")]
    public void What_is_written_is_read_again(string text) => Assert.Equal(text, RestartPolicyText.Format(RestartPolicyText.Parse(text)));
}
