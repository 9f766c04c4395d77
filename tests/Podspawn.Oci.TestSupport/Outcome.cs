using System.Text;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>How a run of the published command ended.</summary>
internal sealed record Outcome(int Status, byte[] Output, string Error)
{
    internal string Text => Encoding.UTF8.GetString(Output);

    internal string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output, once the run is known to have succeeded.</summary>
    internal Outcome Succeeded()
    {
        Assert.True(Status == 0, $"exit status {Status}\n{Error}\n{Text}");
        return this;
    }
}
