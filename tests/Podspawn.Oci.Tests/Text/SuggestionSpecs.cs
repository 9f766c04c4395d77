using CsCheck;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Text;

public sealed class SuggestionSpecs
{
    private static readonly string[] Words = ["CHOWN", "NET_RAW", "NET_BIND_SERVICE", "SYS_ADMIN", "KILL", "MKNOD", "security", "session"];

    [Theory]
    [InlineData("CHWON", "CHOWN")]
    [InlineData("chown", "CHOWN")]
    [InlineData("CHOW", "CHOWN")]
    [InlineData("NETRAW", "NET_RAW")]
    [InlineData("net_bind_services", "NET_BIND_SERVICE")]
    [InlineData("SYSADMIN", "SYS_ADMIN")]
    [InlineData("KIL", "KILL")]
    [InlineData("Security", "security")]
    [InlineData("sesion", "session")]
    public void A_near_word_is_suggested(string word, string expected) => Assert.Equal(expected, Suggestion.Closest(word, Words));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("FROBNICATE")]
    [InlineData("CHXXN_")]
    public void A_far_word_is_not(string word) => Assert.Null(Suggestion.Closest(word, Words));

    [Fact]
    public void An_endless_word_is_not_even_compared() => Assert.Null(Suggestion.Closest(new string('A', 1 << 20), Words));

    [Fact]
    public void Of_equally_near_words_the_first_is_suggested() => Assert.Equal("cat", Suggestion.Closest("bat", ["cat", "rat"]));

    [Fact]
    public void One_letter_wrong_in_a_long_word_always_finds_it() =>
        Gen.Select(Gen.Int[0, 15], Gen.Char['a', 'z']).Sample((place, letter) =>
            Assert.Equal("NET_BIND_SERVICE", Suggestion.Closest($"NET_BIND_SERVICE"[..place] + letter + "NET_BIND_SERVICE"[(place + 1)..], Words)));
}
