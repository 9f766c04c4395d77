using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Tests.Verification;

public sealed class InsideViewSpecs
{
    private static ProbeReport Of(params string[] lines)
    {
        var view = new ProbeReport();
        foreach (string line in lines)
            view.Add(line);
        return view;
    }

    [Fact]
    public void A_probe_that_stopped_in_the_middle_is_not_complete()
    {
        Assert.False(Of("self\tpid\t1", "ready").Complete);
        Assert.True(Of("ready", "end").Complete);
    }

    [Fact]
    public void Fields_are_found_by_what_comes_before_them()
    {
        ProbeReport view = Of("tmpfs\t/a\texec\tEACCES", "tmpfs\t/b\texec\tok");
        Assert.Equal("ok", view.Word("tmpfs", "/b", "exec"));
        Assert.Null(view.Word("tmpfs", "/c", "exec"));
        Assert.Equal(2, view.All("tmpfs").Count);
    }

    [Fact]
    public void A_path_with_a_tab_and_a_line_end_comes_back_as_it_was() =>
        Assert.Equal("/a\tb\nc\\d", Of(@"mount" + "\t" + @"/a\011b\012c\134d").Word("mount"));

    [Fact]
    public void A_backslash_that_escapes_nothing_stays() => Assert.Equal(@"\9x", Of("x\t" + @"\9x").Word("x"));

    [Fact]
    public void What_follows_an_announcement_is_not_what_came_before_it()
    {
        ProbeReport view = Of("no_new_privs\t1", "whoami\t0\t0", "tmpfs\t/t\tsetuid\tfollows", "whoami\t0\t65533");
        Assert.Equal(["0", "0"], view.FirstAfter(["no_new_privs"], "whoami")!);
        Assert.Equal(["0", "65533"], view.FirstAfter(["tmpfs", "/t", "setuid"], "whoami")!);
        Assert.Null(view.FirstAfter(["tmpfs", "/u", "setuid"], "whoami"));
    }
}
