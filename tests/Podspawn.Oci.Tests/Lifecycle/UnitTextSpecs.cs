using CsCheck;
using Podspawn.Oci.Lifecycle.Systemd;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>systemd reads words as they were meant.</summary>
public sealed class UnitTextSpecs
{
    // Characters that systemd treats specially are frequent, and all others occur.
    private static readonly Gen<string> Words = Gen.Frequency(
        (6, Gen.OneOf(
            Gen.OneOf("%", "$", "\\", "\"", "'", " ", ";", "#", "\n", "\t", "{", "}", "%%", "$$", "${HOME}", "%n", "\\;", "\\x41", "-", "=", "a", "é", "日本", "\U0001F600",
                "\u0001", "\u0085", "\u2028", "\u202e", "\ufeff"),
            Gen.Char['\u0001', '\u007f'].Select(c => c.ToString()))),
        (1, Gen.Char['\u00a0', '\ud7ff'].Select(c => c.ToString()))).Array[0, 12].Select(string.Concat);

    [Fact]
    public void Every_word_is_read_back_as_it_was() =>
        Words.Array[0, 6].Sample(words =>
        {
            string line = UnitText.CommandLine("/usr/bin/podspawn-oci", words);
            Assert.DoesNotContain('\n', line);
            Assert.Equal(words.Prepend("/usr/bin/podspawn-oci"), SystemdReader.Words(line).Select(SystemdReader.Expanded));
        });

    [Fact]
    public void A_line_neither_ends_in_a_backslash_nor_holds_what_cannot_be_seen() =>
        Words.Array[1, 6].Sample(words => UnitText.CommandLine("/p", words) is var line && !line.EndsWith('\\') && !line.Any(char.IsControl));

    [Theory]
    [InlineData("--name=web", "--name=web")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData(";", "\";\"")]
    [InlineData("100%", "100%%")]
    [InlineData("$HOME", "$$HOME")]
    [InlineData("${HOME}", "\"$${HOME}\"")]
    [InlineData("C:\\new\"", "\"C:\\\\new\\\"\"")]
    [InlineData("one\ntwo\tthree\u0001", "\"one\\ntwo\\tthree\\x01\"")]
    [InlineData("naïve", "\"naïve\"")]
    [InlineData("\u202eevil", "\"\\U0000202eevil\"")]
    public void Words_are_written_so(string word, string text) => Assert.Equal(text, UnitText.Word(word));

    [Fact]
    public void Variables_are_not_replaced_in_the_programs_own_path() => Assert.Equal("/opt/$x%%/p", UnitText.Program("/opt/$x%/p"));

    [Theory]
    [InlineData("/srv/a b/$x\\y", "/srv/a b/$x\\y")]
    [InlineData("/srv/100%", "/srv/100%%")]
    [InlineData("/srv/new\nline", null)]
    [InlineData("/srv/end\\", null)]
    [InlineData("/srv/end ", null)]
    public void A_path_stands_as_it_is(string path, string? text) => Assert.Equal(text, UnitText.Path(path));
}
