using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Tests.Verification;

public sealed class TmpfsWishSpecs
{
    [Theory]
    [InlineData("size=4m", 4L << 20)]
    [InlineData("size=1", 4096L)]
    [InlineData("size=4097", 8192L)]
    [InlineData("size=50%", 4L << 30)]
    [InlineData("size=0", null)]
    [InlineData("mode=700", null)]
    public void A_size_is_reckoned_in_whole_pages(string option, long? bytes) =>
        Assert.Equal(bytes, new TmpfsExpectation("/t", ["noexec", option], Mode: null).SizeInBytes(8L << 30));
}
