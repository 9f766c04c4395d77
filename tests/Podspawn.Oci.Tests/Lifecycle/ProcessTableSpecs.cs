using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Processes;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>The output of ps, reduced to one container.</summary>
public sealed class ProcessTableSpecs
{
    private const string Full = """
        UID        PID  PPID  C STIME TTY          TIME CMD
        root         1     0  0 01:59 ?        00:00:00 /sbin/init splash
        root     27866 27819  0 01:59 ?        00:00:00 sh -c  sleep 50
        1000     27890 27866  0 01:59 ?        00:00:00 sleep 50

        """;

    [Fact]
    public void The_rows_of_other_processes_are_left_out()
    {
        ProcessTable table = ProcessTable.Parse(Full, new HashSet<int> { 27866, 27890 });
        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], table.Titles);
        Assert.Equal(["27866", "27890"], table.Rows.Select(row => row[1]));
        Assert.Equal("sh -c  sleep 50", table.Rows[0][^1]);
    }

    [Fact]
    public void The_pid_may_be_in_any_column()
    {
        ProcessTable table = ProcessTable.Parse("COMMAND   PID\nsleep      12\nsh         13\n", new HashSet<int> { 12 });
        Assert.Equal(["sleep", "12"], Assert.Single(table.Rows));
    }

    [Fact]
    public void Without_a_pid_there_is_nothing_to_tell_them_by() =>
        Assert.StartsWith("Couldn't find PID field in ps output", Refusal("COMMAND\nsleep\n"), StringComparison.Ordinal);

    [Fact]
    public void A_name_with_a_blank_before_the_pid_is_told_and_not_guessed_at() =>
        Assert.Contains("Unexpected pid \"server 12\" in ps output", Refusal("COMMAND PID\ntmux: server 12\n"), StringComparison.Ordinal);

    [Fact]
    public void Threads_without_a_number_go_with_their_process()
    {
        ProcessTable table = ProcessTable.Parse("  PID TTY COMMAND\n   12 ?   -\n    - -   a\n   13 ?   -\n    - -   b\n", new HashSet<int> { 13 });
        Assert.Equal(["13", "-"], table.Rows.Select(row => row[0]));
        Assert.Equal("b", table.Rows[1][2]);
    }

    [Fact]
    public void What_the_container_called_itself_cannot_move_the_cursor()
    {
        ProcessTable table = ProcessTable.Parse("PID CMD\n1 \u001b[2Jx\u009b\n");
        Assert.Equal("\\u001b[2Jx\\u009b", Assert.Single(table.Rows)[1]);
    }

    [Theory]
    [InlineData("a\nb", "a\\u000ab")]
    [InlineData("\nb", "\\u000ab")]
    [InlineData("a\nb c d\n\u001b[2J", "a\\u000ab c d\\u000a\\u001b[2J")]
    [InlineData("a\n\nb", "a\\u000ab")]
    [InlineData("", "")]
    public void A_line_end_in_a_name_begins_no_row(string name, string shown)
    {
        ProcessTable table = ProcessTable.Parse($"UID PID TIME CMD\n0   1   10ms {name}\n0   2   10ms sh\n");
        Assert.Equal([$"0|1|10ms|{shown}", "0|2|10ms|sh"], table.Rows.Select(row => string.Join('|', row)));
    }

    [Fact]
    public void A_line_that_belongs_to_no_row_is_passed_over() =>
        Assert.Equal(["1", "sh"], Assert.Single(ProcessTable.Parse("PID CMD\nb\n1 sh\n").Rows));

    [Fact]
    public void A_row_of_ps_has_a_cell_for_each_title_even_where_a_name_is_empty() =>
        Assert.Equal(["12", "?", "", ""], Assert.Single(ProcessTable.Parse("PID TTY COMMAND COMMAND\n12 ?\n", new HashSet<int> { 12 }).Rows));

    [Fact]
    public void Nothing_is_an_empty_table() => Assert.Empty(ProcessTable.Parse("").Titles);

    private static string Refusal(string output) => Assert.Throws<ContainerException>(() => ProcessTable.Parse(output, new HashSet<int> { 12 })).Message;
}
