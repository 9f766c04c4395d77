using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Healthchecks: what a user and an image say, and what follows from the results.</summary>
public sealed class HealthSpecs
{
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 8, 30, 0, TimeSpan.Zero);
    private static readonly HealthCheck Check = new() { Command = ["true"], Retries = 2, StartPeriod = TimeSpan.FromSeconds(10) };

    [Fact]
    public void A_command_is_for_a_shell_or_a_list_of_words()
    {
        Assert.Equal(["/bin/sh", "-c", "test -f /x && echo y"], Read(new HealthOptions { Command = "test -f /x && echo y" })!.Command);
        Assert.Equal(["a", "b c"], Read(new HealthOptions { Command = """["a", "b c"]""" })!.Command);
        Assert.Equal(["a", "b c"], Read(new HealthOptions { Command = """["CMD", "a", "b c"]""" })!.Command);
        Assert.Equal(["/bin/sh", "-c", "a b"], Read(new HealthOptions { Command = """["CMD-SHELL", "a b"]""" })!.Command);
        Assert.Null(Read(new HealthOptions { Command = "none" }));
        Assert.Null(Read(new HealthOptions()));
        Assert.Null(Read(new HealthOptions { Off = true }, new ImageHealthCheck(["CMD", "a"], 0, 0, 0, 0)));
    }

    [Fact]
    public void What_is_not_said_is_dockers_default()
    {
        HealthCheck check = Read(new HealthOptions { Command = "true" })!;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), TimeSpan.Zero, 3), (check.Interval, check.Timeout, check.StartPeriod, check.Retries));
        HealthCheck said = Read(new HealthOptions { Command = "true", Interval = "disable", Timeout = "1m30s", StartPeriod = "5s", Retries = 1 })!;
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(5), 1), (said.Interval, said.Timeout, said.StartPeriod, said.Retries));
    }

    [Fact]
    public void A_flag_wins_over_the_image_and_what_makes_no_sense_in_an_image_is_the_default()
    {
        const long Second = 1_000_000_000;
        HealthCheck check = Read(new HealthOptions { Interval = "7s" }, new ImageHealthCheck(["CMD-SHELL", "x | y"], 5 * Second, 6 * Second, 8 * Second, 9))!;
        Assert.Equal(["/bin/sh", "-c", "x | y"], check.Command);
        Assert.Equal((7, 6, 8, 9), (check.Interval.TotalSeconds, check.Timeout.TotalSeconds, check.StartPeriod.TotalSeconds, check.Retries));
        HealthCheck strange = Read(new HealthOptions(), new ImageHealthCheck(["CMD", "a"], -1, long.MaxValue, 1, -7))!;
        Assert.Equal((30, 30, 0, 3), (strange.Interval.TotalSeconds, strange.Timeout.TotalSeconds, strange.StartPeriod.TotalSeconds, strange.Retries));
        foreach (string[] none in new string[][] { ["NONE"], ["CMD"], ["CMD-SHELL"], ["CMD-SHELL", "a", "b"], ["sh"], [] })
            Assert.Null(Read(new HealthOptions(), new ImageHealthCheck(none, 0, 0, 0, 0)));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        foreach (HealthOptions wrong in new HealthOptions[]
        {
            new() { Interval = "5s" }, new() { Retries = 3 }, new() { Command = "x", Off = true }, new() { Command = "x", Interval = "soon" }, new() { Command = "x", Interval = "-1s" },
            new() { Command = "x", Timeout = "0" }, new() { Command = "x", Timeout = "9000000h" }, new() { Command = "x", Retries = 0 }, new() { Command = "x", Retries = -1 },
            new() { Command = "[" }, new() { Command = "[]" }, new() { Command = "[1]" }, new() { Command = """[""]""" },
        })
        {
            Assert.Matches("^--(no-)?health", Assert.Throws<ContainerException>(() => Read(wrong)).Message);
        }
    }

    [Fact]
    public void A_success_is_healthy_and_so_many_failures_in_a_row_are_not()
    {
        ContainerHealth health = After(ContainerHealth.Unknown, (20, 1));
        Assert.Equal((HealthStatus.Starting, 1), (health.Status, health.FailingStreak));
        Assert.Equal((HealthStatus.Unhealthy, 2), (After(health, (21, 1)).Status, After(health, (21, 1)).FailingStreak));
        health = After(health, (21, 0), (22, 1));
        Assert.Equal((HealthStatus.Healthy, 1), (health.Status, health.FailingStreak));
        Assert.Equal(HealthStatus.Unhealthy, After(health, (23, -1)).Status);
        Assert.Equal(HealthStatus.Healthy, After(health, (23, 1), (24, 0)).Status);
    }

    [Fact]
    public void Failures_in_the_start_period_do_not_count_before_the_first_success()
    {
        Assert.Equal((HealthStatus.Starting, 0), (After(ContainerHealth.Unknown, (1, 1), (2, 1), (3, 1)).Status, After(ContainerHealth.Unknown, (1, 1)).FailingStreak));
        Assert.Equal(HealthStatus.Unhealthy, After(ContainerHealth.Unknown, (1, 0), (2, 1), (3, 1)).Status);
    }

    [Fact]
    public void Five_results_are_kept() =>
        Assert.Equal([3, 4, 5, 6, 7], After(ContainerHealth.Unknown, [.. Enumerable.Range(1, 7).Select(at => (at, at))]).Log.Select(result => result.ExitStatus));

    [Fact]
    public void A_record_reads_back_to_what_was_written()
    {
        string file = Path.GetTempFileName();
        ContainerHealth health = After(ContainerHealth.Unknown, (20, 0), (21, -1));
        RecordJson.Write(file, health);
        ContainerHealth read = RecordJson.ReadHealth(file)!;
        Assert.Equal((health.Status, health.FailingStreak), (read.Status, read.FailingStreak));
        Assert.Equal(health.Log, read.Log);
        foreach (string broken in new[] { "", "{}", """{"status":"Well","failingStreak":0,"log":[]}""", """{"status":"Healthy","failingStreak":0,"log":[null]}""" })
        {
            File.WriteAllText(file, broken);
            Assert.Null(RecordJson.ReadHealth(file));
        }
        File.Delete(file);
    }

    [Fact]
    public void A_timer_calls_the_program_as_often_as_the_check_says()
    {
        IReadOnlyList<string> words = HealthTimer.Arguments("abc", Check with { Interval = TimeSpan.FromMilliseconds(1500) }, "/usr/bin/podspawn-oci", ["healthcheck", "run"]);
        Assert.Contains("--on-unit-inactive=1.5s", words);
        Assert.Contains("--unit=podspawn-oci-health-abc", words);
        Assert.Equal(["--", "/usr/bin/podspawn-oci", "healthcheck", "run", "abc"], words.Skip(words.Count - 5));
    }

    private static HealthCheck? Read(HealthOptions options, ImageHealthCheck? image = null) => options.Read(image is null ? null : new ImageProcess { HealthCheck = image });

    private static ContainerHealth After(ContainerHealth health, params (int Second, int Status)[] results) => results.Aggregate(
        health, (before, one) => before.After(Check, new HealthResult(Then.AddSeconds(one.Second), Then.AddSeconds(one.Second), one.Status, ""), Then));
}
