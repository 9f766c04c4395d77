using Podspawn.Oci.Images.Tools;

namespace Podspawn.Oci.Tests.Images;

public sealed class ToolFailureSpecs
{
    [Theory]
    [InlineData("time=\"2026-01-01T00:00:00Z\" level=fatal msg=\"initializing source docker://x: reading manifest 9 in h/x: manifest unknown\"",
        "manifest unknown; check the image's name and tag")]
    [InlineData("time=\"t\" level=warning msg=\"w\"\ntime=\"t\" level=fatal msg=\"a \\\"quoted\\\" word: unauthorized: authentication required\"\n",
        "a \"quoted\" word: unauthorized: authentication required; log in with")]
    [InlineData("   • unpacking\n   ⨯ create rootfs: write x: no space left on device\n", "create rootfs: write x: no space left on device; make room")]
    [InlineData("time=\"t\" level=fatal msg=\"Source image rejected: Running image docker://x is rejected by policy.\"", "--signature-policy")]
    [InlineData("time=\"t\" level=fatal msg=\"pinging container registry h: Get \\\"https://h/v2/\\\": http: server gave HTTP response to HTTPS client\"", "--tls-verify=false")]
    [InlineData("time=\"t\" level=fatal msg=\"Get \\\"https://h/v2/\\\": x509: certificate signed by unknown authority\"", "--cert-dir")]
    public void The_cause_is_told_with_what_to_do(string stderr, string told) =>
        Assert.Contains(told, ToolFailure.Of("x", "skopeo", 1, stderr).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tool_that_says_nothing_has_its_status_told() =>
        Assert.Equal("x: umoci: ended with status 137 and gave no reason; check the image's name and source", ToolFailure.Of("x", "umoci", 137, "").Message);

    [Fact]
    public void Control_characters_do_not_reach_the_terminal() =>
        Assert.DoesNotContain('\u001b', ToolFailure.Of("x", "umoci", 1, "   ⨯ bad \u001b[31mname").Message);

    [Fact]
    public void The_reason_at_the_end_of_a_very_long_message_is_told() =>
        Assert.EndsWith(": file name too long; check the image's name and source", ToolFailure.Of("x", "umoci", 1, $"   ⨯ {new string('n', 5000)}: file name too long").Message,
            StringComparison.Ordinal);

    [Fact]
    public void Of_a_tool_that_breaks_down_the_reason_is_told() =>
        Assert.Contains("index out of range;", ToolFailure.Of("x", "umoci", 2, "panic: index out of range\n\ngoroutine 1 [running]:\nmain.go:172 +0x32\n").Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("write: no space left on device", true)]
    [InlineData("write: disk quota exceeded", true)]
    [InlineData("write: input/output error", false)]
    public void A_full_disk_is_known(string stderr, bool full) => Assert.Equal(full, ToolFailure.IsFullDisk(stderr));
}
