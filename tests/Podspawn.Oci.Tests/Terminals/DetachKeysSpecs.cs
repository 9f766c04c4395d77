using System.Text;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class DetachKeysSpecs
{
    [Theory]
    [InlineData("ctrl-p,ctrl-q", "\u0010\u0011")]
    [InlineData("a", "a")]
    [InlineData("x,Y", "xY")]
    [InlineData("ctrl-@", "\0")]
    [InlineData("ctrl-[", "\u001b")]
    [InlineData("ctrl-\\,ctrl-],ctrl-^,ctrl-_", "\u001c\u001d\u001e\u001f")]
    [InlineData("CTRL-A", "\u0001")]
    public void Letters_and_control_letters_are_keys(string text, string sequence) =>
        Assert.Equal(sequence, Encoding.ASCII.GetString(DetachKeys.Parse(text)!.Sequence));

    [Theory]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("ctrl-ab")]
    [InlineData("ab")]
    [InlineData("a,,b")]
    [InlineData(",")]
    [InlineData("ä")]
    [InlineData("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q")]
    public void What_is_no_key_is_refused(string text) =>
        Assert.Contains("--detach-keys", Assert.Throws<TerminalException>(() => DetachKeys.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nothing_means_that_no_key_leaves() => Assert.Null(DetachKeys.Parse(""));

    [Theory]
    [InlineData("ctrl-p,ctrl-q", "text", "text", false)]
    [InlineData("ctrl-p,ctrl-q", "ab\u0010\u0011cd", "ab", true)]
    [InlineData("ctrl-p,ctrl-q", "a\u0010b", "a\u0010b", false)]
    [InlineData("ctrl-p,ctrl-q", "a\u0010", "a", false)]
    [InlineData("ctrl-p,ctrl-q", "\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("ctrl-p,ctrl-q", "\u0011\u0010x\u0010\u0011", "\u0011\u0010x", true)]
    [InlineData("a,a,b", "aaab", "a", true)]
    [InlineData("a,b,a,c", "abababac", "abab", true)]
    [InlineData("q", "xq", "x", true)]
    public void What_is_typed_goes_on_without_the_keys(string keys, string typed, string passed, bool left)
    {
        // In one piece, and key by key.
        foreach (int piece in new[] { typed.Length, 1 })
        {
            var watch = new DetachWatch(DetachKeys.Parse(keys)!);
            var on = new RelayBuffer(64);
            byte[] bytes = Encoding.ASCII.GetBytes(typed);
            bool seen = false;
            for (int i = 0; i < bytes.Length && !seen; i += piece)
                seen = watch.Pass(bytes.AsSpan(i, Math.Min(piece, bytes.Length - i)), on);
            Assert.Equal((passed, left), (Encoding.ASCII.GetString(on.Pending), seen));
        }
    }
}
