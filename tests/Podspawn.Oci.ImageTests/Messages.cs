namespace Podspawn.Oci.ImageTests;

/// <summary>Assertions on the command's messages when it refuses.</summary>
internal static class Messages
{
    /// <summary>Asserts that it refused in one line that names the image, what is wrong, and a hint to fix it.</summary>
    internal static void AssertRefusal(Outcome outcome, string image, string words)
    {
        Assert.True(outcome.Status == 125, $"exit status {outcome.Status}\n{outcome.Error}\n{outcome.Text}");
        string line = Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"podspawn-oci: {image}: ", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Contains("; ", line, StringComparison.Ordinal);
        Assert.Empty(outcome.Text);
    }
}
