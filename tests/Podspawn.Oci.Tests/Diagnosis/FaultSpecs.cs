using Podspawn.Oci.Diagnosis;
using Podspawn.Oci.Diagnosis.Faults;
using Podspawn.Oci.Host;

namespace Podspawn.Oci.Tests.Diagnosis;

/// <summary>Which published faults affect recorded releases.</summary>
public sealed class FaultSpecs
{
    private const string November2025 = "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881";

    [Theory]
    [InlineData("runc", "1.1.11", null, $"CVE-2024-45310, {November2025}", "CVE-2024-21626, CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.5+ds1", "1.1.5+ds1-1+deb12u1", $"CVE-2024-45310, {November2025}", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.5+ds1", "1.1.5+ds1-1", $"CVE-2024-45310, {November2025}", "CVE-2024-21626, CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.7-0ubuntu1~22.04.1", "1.1.7-0ubuntu1~22.04.1", $"CVE-2024-45310, {November2025}", "CVE-2024-21626, CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.7-0ubuntu1~22.04.2", "1.1.7-0ubuntu1~22.04.2", $"CVE-2024-45310, {November2025}", "CVE-2026-41579, CVE-2026-119101")]
    // Higher than the fixed version in 22.04, but of a release about which nothing is known.
    [InlineData("runc", "1.1.7-0ubuntu2", "1.1.7-0ubuntu2", $"CVE-2024-45310, {November2025}", "CVE-2024-21626, CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.12", null, $"CVE-2024-45310, {November2025}", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.1.15", null, November2025, "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.2.8", null, "", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.3.2", null, $"stuck run and exec, {November2025}", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.3.3", null, "stuck run and exec", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.3.6", null, "", "CVE-2026-119101")]
    [InlineData("runc", "1.4.0-rc.2", null, $"stuck run and exec, {November2025}", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.4.2", null, "", "CVE-2026-41579, CVE-2026-119101")]
    [InlineData("runc", "1.5.1", null, "", "CVE-2026-119101")]
    [InlineData("runc", "1.5.3", null, "", "")]
    [InlineData("crun", "1.8.1", "1.8.1-1+deb12u1", "CVE-2026-115521", "CVE-2025-24965, CVE-2026-47766, CVE-2026-88264, CVE-2026-88265, CVE-2026-115520, CVE-2026-133553")]
    [InlineData("crun", "1.21", null, "CVE-2026-115521", "CVE-2026-30892, CVE-2026-47766, CVE-2026-88264, CVE-2026-88265, CVE-2026-115520, CVE-2026-133553")]
    [InlineData("crun", "1.27", null, "CVE-2026-115521", "CVE-2026-47766, CVE-2026-88264, CVE-2026-88265, CVE-2026-115520, CVE-2026-133553")]
    [InlineData("crun", "1.29.0", null, "crun 1.29.0, CVE-2026-115521", "CVE-2026-84042, CVE-2026-88264, CVE-2026-88265, CVE-2026-115520, CVE-2026-133553")]
    [InlineData("crun", "1.29", null, "crun 1.29.0, CVE-2026-115521", "CVE-2026-84042, CVE-2026-88264, CVE-2026-88265, CVE-2026-115520, CVE-2026-133553")]
    [InlineData("crun", "1.31", null, "", "CVE-2026-133553")]
    [InlineData("runsc", "0.0~20221219.0", "0.0~20221219.0-2+b3", "GHSA-2h39-83vm-vq42, CVE-2024-10603, CVE-2025-2713, CVE-2026-96812", "raw sockets, user namespaces")]
    [InlineData("runsc", "release-20260112.0", null, "CVE-2026-96812", "")]
    [InlineData("runsc", "release-20251215.0", null, "CVE-2026-96812", "user namespaces")]
    [InlineData("runsc", "release-20261116.0", null, "", "")]
    public void A_release_is_open_to_what_neither_it_nor_its_package_has_mended(string runtime, string version, string? package, string open, string closed)
    {
        List<Examination> told = [.. FaultExaminations.Of(runtime, RuntimeRelease.Parse(version), package)];
        Assert.Equal(open, Ids(Health.Exposed));
        Assert.Equal(closed, Ids(Health.Noted));

        string Ids(Health health) => string.Join(", ", told.Where(line => line.Health == health).Select(line => line.Subject[$"{runtime}: ".Length..]));
    }

    [Fact]
    public void A_line_says_what_the_fault_is_whether_it_is_closed_and_where_to_go()
    {
        List<Examination> told = [.. FaultExaminations.Of("runc", RuntimeRelease.Parse("1.1.5+ds1"), "1.1.5+ds1-1+deb12u1")];
        Assert.Equal(
            new(
                "runc: CVE-2025-52565", Health.Exposed,
                "a race for /dev/console does the same, with a terminal; not closed here, not known to be patched in 1.1.5+ds1-1+deb12u1", "runc 1.2.8"),
            told.Single(line => line.Subject.EndsWith("52565", StringComparison.Ordinal)));
        Assert.Equal(
            new(
                "runc: CVE-2026-41579", Health.Noted,
                "an image whose /dev is a link has files made and changed on the host; closed here: a root filesystem whose /dev, /proc or /sys is a link is refused",
                    "runc 1.3.6"),
            told.Single(line => line.Subject.EndsWith("41579", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("runc", "1.1.5+ds1", "1.1.5+ds1-1+deb12u1", "6 published faults, of which 2 are closed here, 1 more patched in its package", "1.3.7")]
    [InlineData("runc", "1.3.6", null, "1 published fault, of which 1 is closed here", "1.3.7")]
    [InlineData("runc", "1.4.2", null, "2 published faults, of which 2 are closed here", "1.4.4")]
    [InlineData("runc", "1.5.3", null, "no published fault is known as of 2026-11-27", null)]
    [InlineData("crun", "1.8.1", null, "7 published faults, of which 6 are closed here", "1.31")]
    [InlineData("crun", "1.31", null, "1 published fault, of which 1 is closed here", null)]
    [InlineData("runsc", "0.0~20221219.0", null, "6 published faults, of which 2 are closed here", "20260824")]
    [InlineData("runc", "who knows", null, "which published faults it has cannot be told", null)]
    public void The_line_of_the_runtime_counts_them_and_names_the_release_with_every_fix(string runtime, string version, string? package, string count, string? target)
    {
        RuntimeRelease release = RuntimeRelease.Parse(version);
        Assert.Equal(count, FaultExaminations.Count(runtime, release, package));
        Assert.Equal(target is null ? "" : $"go to {runtime} {target} or newer, or to a package of your distribution's that has the fixes",
            FaultExaminations.GoTo(runtime, release, package));
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    [InlineData("runsc")]
    public void Every_release_in_the_table_can_be_read_and_every_range_has_its_order(string runtime)
    {
        Assert.NotEmpty(FaultTable.Of(runtime));
        Assert.Distinct(FaultTable.Of(runtime).Select(fault => fault.Id));
        foreach (FaultRange range in FaultTable.Of(runtime).SelectMany(fault => fault.Affected))
        {
            Assert.All(new[] { range.Since, range.Until }.OfType<string>(), text => Assert.False(RuntimeRelease.Parse(text).IsUnknown, text));
            Assert.True(range.Since is null || range.Until is null || RuntimeRelease.Parse(range.Since) < RuntimeRelease.Parse(range.Until), range.ToString());
        }

        Assert.All(FaultTable.Of(runtime).SelectMany(fault => fault.Patched), fix => Assert.True(fix.Covers(fix.Since), fix.ToString()));
    }
}
