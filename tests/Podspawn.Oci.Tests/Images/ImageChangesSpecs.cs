using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Building;

namespace Podspawn.Oci.Tests.Images;

public sealed class ImageChangesSpecs
{
    [Fact]
    public void A_command_in_a_JSON_list_is_taken_word_by_word() =>
        Assert.Equal(["--config.cmd=-x", "--config.cmd=1 h"], Arguments("""CMD ["-x", "1 h"]"""));

    [Theory]
    [InlineData("CMD", """["sleep", ""]""")]
    [InlineData("ENTRYPOINT", """["", ""]""")]
    public void An_empty_word_that_would_be_lost_is_refused(string instruction, string words) =>
        Assert.StartsWith($"--change: {instruction}: an empty word", Assert.Throws<ImageException>(() => Arguments($"{instruction} {words}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_command_as_plain_text_is_a_shells() =>
        Assert.Equal(["--config.cmd=/bin/sh", "--config.cmd=-c", "--config.cmd=echo \"$HOME\" && sleep 1"], Arguments("""cmd  echo "$HOME" && sleep 1"""));

    [Fact]
    public void A_test_of_the_shell_is_not_taken_for_a_JSON_list() =>
        Assert.Equal(["/bin/sh", "-c", "[ -f /x ] && exec y"], Parse("ENTRYPOINT [ -f /x ] && exec y").Entrypoint);

    [Fact]
    public void An_empty_list_takes_a_command_away() => Assert.Empty(Arguments("CMD [\"a\"]", "CMD []"));

    [Fact]
    public void The_last_command_counts() => Assert.Equal(["--config.entrypoint=b"], Arguments("ENTRYPOINT [\"a\", \"x\"]", "ENTRYPOINT [\"b\"]"));

    [Theory]
    [InlineData("ENV a=1", "a", "1")]
    [InlineData("ENV a=", "a", "")]
    [InlineData("ENV a=b=c", "a", "b=c")]
    [InlineData("ENV a=x,y", "a", "x,y")]
    [InlineData("""ENV a="x  y" """, "a", "x  y")]
    [InlineData("ENV a='$b \"c\" \\'", "a", "$b \"c\" \\")]
    [InlineData("""ENV a=x\ y""", "a", "x y")]
    [InlineData("""ENV a="\"\$\\ \n" """, "a", "\"$\\ \\n")]
    [InlineData("""ENV a="b"c'd'""", "a", "bcd")]
    [InlineData("ENV a b  c = d", "a", "b  c = d")]
    [InlineData("ENV a\t\"b c\"", "a", "b c")]
    [InlineData("ENV a=-x", "a", "-x")]
    [InlineData("ENV a=$", "a", "$")]
    [InlineData("ENV a=$b", "a", "")]
    [InlineData("ENV a=\"${b:-x y}\"", "a", "x y")]
    public void A_variable_has_dockers_quoting(string change, string name, string value) =>
        Assert.Equal([new KeyValuePair<string, string>(name, value)], Parse(change).Environment);

    [Fact]
    public void One_instruction_sets_several_variables() =>
        Assert.Equal(["--config.env=a=1", "--config.env=b=2 3"], Arguments("""ENV a=1 b="2 3" """));

    [Fact]
    public void A_variable_that_is_set_again_keeps_its_place() =>
        Assert.Equal(["--config.env=a=3", "--config.env=b=2"], Arguments("ENV a=1 b=2", "ENV a=3"));

    [Theory]
    [InlineData("$a/x", "1/x")]
    [InlineData("${a}x", "1x")]
    [InlineData("${a:-y}", "1")]
    [InlineData("${a:+y}", "y")]
    [InlineData("${e:-y}", "y")]
    [InlineData("${e-y}", "")]
    [InlineData("${e+y}", "y")]
    [InlineData("${e:+y}", "")]
    [InlineData("${u:-y$a}", "y1")]
    [InlineData("${u:-${a}2}3", "123")]
    [InlineData("${u+y}", "")]
    [InlineData("'$a'", "$a")]
    [InlineData("\\$a", "$a")]
    [InlineData("\"$a $a\"", "1 1")]
    public void Values_of_earlier_variables_are_put_in(string word, string expected) =>
        Assert.Equal(expected, Parse("ENV a=1 e=", $"ENV r={word}").Environment[^1].Value);

    [Fact]
    public void A_variable_of_the_same_instruction_is_not_seen_yet() => Assert.Equal("", Parse("ENV a=1 b=$a").Environment[^1].Value);

    [Fact]
    public void Commands_keep_their_variables_for_the_shell() => Assert.Equal(["/bin/sh", "-c", "$a"], Parse("ENV a=1", "CMD $a").Command);

    [Fact]
    public void Labels_are_quoted_like_variables() =>
        Assert.Equal(["--config.label=org.x=a b", "--config.label=y=,"], Arguments("""LABEL org.x="a b" "y"=,"""));

    [Theory]
    [InlineData("WORKDIR /a/../b//c/", "/b/c")]
    [InlineData("WORKDIR a", "/a")]
    [InlineData("WORKDIR /", "/")]
    [InlineData("WORKDIR ../..", "/")]
    [InlineData("WORKDIR \"/a b\"", "/a b")]
    public void A_working_directory_is_absolute_and_regular(string change, string expected) => Assert.Equal([$"--config.workingdir={expected}"], Arguments(change));

    [Fact]
    public void A_working_directory_goes_on_from_the_one_before() => Assert.Equal("/a/b", Parse("WORKDIR /a", "WORKDIR b").WorkingDirectory);

    [Theory]
    [InlineData("EXPOSE 80", "80/tcp")]
    [InlineData("EXPOSE 80/UDP 53/sctp 80/udp", "80/udp 53/sctp")]
    [InlineData("EXPOSE 8000-8002/udp", "8000/udp 8001/udp 8002/udp")]
    public void Ports_have_their_protocol(string change, string expected) => Assert.Equal(expected.Split(' '), Parse(change).ExposedPorts);

    [Theory]
    [InlineData("VOLUME /a /b /a", "/a|/b")]
    [InlineData("VOLUME [\"/a b\", \"/c\"]", "/a b|/c")]
    [InlineData("VOLUME '/a b' /c", "/a b|/c")]
    public void Volumes_come_as_words_or_as_a_JSON_list(string change, string expected) => Assert.Equal(expected.Split('|'), Parse(change).Volumes);

    [Fact]
    public void A_variable_may_hold_several_ports() => Assert.Equal(["80/tcp", "443/tcp"], Parse("ENV p='80 443'", "EXPOSE $p").ExposedPorts);

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("term")]
    [InlineData("9")]
    [InlineData("SIGRTMIN+3")]
    public void A_stop_signal_is_kept_as_it_was_written(string signal) => Assert.Equal([$"--config.stopsignal={signal}"], Arguments($"STOPSIGNAL {signal}"));

    [Fact]
    public void A_user_is_kept_as_it_was_written() => Assert.Equal(["--config.user=1000:users"], Arguments("USER 1000:users"));

    [Fact]
    public void One_change_may_hold_several_lines_with_comments_and_continuations() =>
        Assert.Equal(["--config.env=a=1", "--config.env=b=2", "--config.user=me"], Arguments("# what it is\nENV a=1 \\\n  b=2\n\nUSER me"));

    [Fact]
    public void Nothing_changes_nothing() => Assert.Empty(Arguments());

    [Theory]
    [InlineData("FOO x", "is no instruction that changes an image")]
    [InlineData("CMD", "says no command")]
    [InlineData("CMD [1]", "strings only")]
    [InlineData("ENV", "says nothing")]
    [InlineData("ENV a", "has no value")]
    [InlineData("ENV a=1 b", "'b' has no '='")]
    [InlineData("ENV =1", "cannot be a name")]
    [InlineData("ENV a='x", "single quote is not closed")]
    [InlineData("ENV a=\"x", "double quote is not closed")]
    [InlineData("ENV a=${b", "needs a variable's name and '}'")]
    [InlineData("ENV a=${b:-x", "is not closed")]
    [InlineData("ENV c=1 a=${b:-x y}", "'${b' is not closed")]
    [InlineData("ENV a=${b:=x}", "substitution that is not known")]
    [InlineData("ENV a=${}", "needs a variable's name")]
    [InlineData("LABEL \\==1", "cannot be a name")]
    [InlineData("EXPOSE", "says nothing")]
    [InlineData("EXPOSE 0", "is no port")]
    [InlineData("EXPOSE 65536", "is no port")]
    [InlineData("EXPOSE 9-8", "is no port")]
    [InlineData("EXPOSE 80/icmp", "is no port")]
    [InlineData("EXPOSE 8080:80", "is no port")]
    [InlineData("VOLUME [\"\"]", "'' cannot be a volume's path")]
    [InlineData("VOLUME []", "says nothing")]
    [InlineData("VOLUME a", "'a' cannot be a volume's path")]
    [InlineData("VOLUME /x /y/..", "'/y/..' cannot be a volume's path")]
    [InlineData("STOPSIGNAL 0", "is no signal")]
    [InlineData("STOPSIGNAL 65", "is no signal")]
    [InlineData("STOPSIGNAL SIGNOPE", "is no signal")]
    [InlineData("USER a b", "takes one value")]
    [InlineData("USER", "says nothing")]
    [InlineData("USER ''", "says nothing")]
    [InlineData("WORKDIR $nothing", "says nothing")]
    [InlineData("HEALTHCHECK NONE", "has no place for it")]
    public void What_is_wrong_is_refused_by_name(string change, string reason)
    {
        string message = Refusal(change);
        Assert.StartsWith($"--change: '{change}': ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrong_line_among_several_is_the_one_that_is_named() =>
        Assert.StartsWith("--change: 'FOO x': ", Refusal("USER me\nFOO x\nUSER you"), StringComparison.Ordinal);

    private static ImageChanges Parse(params string[] changes) => ImageChanges.Parse(changes);

    private static IReadOnlyList<string> Arguments(params string[] changes) => Parse(changes).ToUmociArguments();

    private static string Refusal(string change) => Assert.Throws<ImageException>(() => Parse(change)).Message;
}
