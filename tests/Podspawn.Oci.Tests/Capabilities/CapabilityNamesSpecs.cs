using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Tests.Capabilities;

public class CapabilityNamesSpecs
{
    // include/uapi/linux/capability.h, typed in by hand: a shifted table would grant the wrong capability.
    [Theory]
    [InlineData(0, "CHOWN")]
    [InlineData(1, "DAC_OVERRIDE")]
    [InlineData(2, "DAC_READ_SEARCH")]
    [InlineData(3, "FOWNER")]
    [InlineData(4, "FSETID")]
    [InlineData(5, "KILL")]
    [InlineData(6, "SETGID")]
    [InlineData(7, "SETUID")]
    [InlineData(8, "SETPCAP")]
    [InlineData(9, "LINUX_IMMUTABLE")]
    [InlineData(10, "NET_BIND_SERVICE")]
    [InlineData(11, "NET_BROADCAST")]
    [InlineData(12, "NET_ADMIN")]
    [InlineData(13, "NET_RAW")]
    [InlineData(14, "IPC_LOCK")]
    [InlineData(15, "IPC_OWNER")]
    [InlineData(16, "SYS_MODULE")]
    [InlineData(17, "SYS_RAWIO")]
    [InlineData(18, "SYS_CHROOT")]
    [InlineData(19, "SYS_PTRACE")]
    [InlineData(20, "SYS_PACCT")]
    [InlineData(21, "SYS_ADMIN")]
    [InlineData(22, "SYS_BOOT")]
    [InlineData(23, "SYS_NICE")]
    [InlineData(24, "SYS_RESOURCE")]
    [InlineData(25, "SYS_TIME")]
    [InlineData(26, "SYS_TTY_CONFIG")]
    [InlineData(27, "MKNOD")]
    [InlineData(28, "LEASE")]
    [InlineData(29, "AUDIT_WRITE")]
    [InlineData(30, "AUDIT_CONTROL")]
    [InlineData(31, "SETFCAP")]
    [InlineData(32, "MAC_OVERRIDE")]
    [InlineData(33, "MAC_ADMIN")]
    [InlineData(34, "SYSLOG")]
    [InlineData(35, "WAKE_ALARM")]
    [InlineData(36, "BLOCK_SUSPEND")]
    [InlineData(37, "AUDIT_READ")]
    [InlineData(38, "PERFMON")]
    [InlineData(39, "BPF")]
    [InlineData(40, "CHECKPOINT_RESTORE")]
    public void Each_capability_has_the_kernels_number(int number, string name)
    {
        Assert.True(CapabilityNames.TryParse(name, out Capability parsed));
        Assert.Equal(number, (int)parsed);
        Assert.Equal(name, CapabilityNames.ShortName((Capability)number));
        Assert.Equal("CAP_" + name, CapabilityNames.SpecName((Capability)number));
        Assert.Equal(name.Replace("_", "", StringComparison.Ordinal), parsed.ToString().ToUpperInvariant());
    }

    [Theory]
    [InlineData("NET_RAW")]
    [InlineData("net_raw")]
    [InlineData("Cap_Net_Raw")]
    [InlineData("CAP_NET_RAW")]
    public void A_name_is_read_in_any_case_with_or_without_its_prefix(string name)
    {
        Assert.True(CapabilityNames.TryParse(name, out Capability parsed));
        Assert.Equal(Capability.NetRaw, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_CAP_CHOWN")]
    [InlineData("CHOWN ")]
    [InlineData("NETRAW")]
    [InlineData("13")]
    [InlineData("ALL")]
    [InlineData("k\u0131ll")] // a dotless i
    [InlineData("\u017fyslog")] // a long s
    public void What_is_no_name_is_not_read(string name) => Assert.False(CapabilityNames.TryParse(name, out _));

    [Fact]
    public void All_is_read_in_any_case_but_not_with_a_prefix()
    {
        Assert.True(CapabilityNames.IsAll("ALL"));
        Assert.True(CapabilityNames.IsAll("all"));
        Assert.False(CapabilityNames.IsAll("CAP_ALL"));
    }

    [Theory]
    [InlineData("CHWON", "CHOWN")]
    [InlineData("cap_net_bind_servce", "NET_BIND_SERVICE")]
    [InlineData("SYSADMIN", "SYS_ADMIN")]
    [InlineData("CAP_ALL", "ALL")]
    [InlineData("KILL ", "KILL")]
    public void A_misspelt_name_has_a_suggestion(string name, string suggestion) =>
        Assert.Equal(suggestion, CapabilityNames.Closest(name));

    [Fact]
    public void What_is_like_no_name_has_no_suggestion() => Assert.Null(CapabilityNames.Closest("everything_please"));

    [Fact]
    public void A_capability_of_a_newer_kernel_is_never_named_in_the_spec()
    {
        CapabilitySet set = CapabilitySet.Of(Capability.CheckpointRestore, (Capability)41, (Capability)63, Capability.Chown);

        Assert.Equal(["CAP_CHOWN", "CAP_CHECKPOINT_RESTORE"], CapabilityNames.SpecNames(set));
        Assert.Throws<ArgumentOutOfRangeException>(() => CapabilityNames.SpecName((Capability)41));
    }
}
