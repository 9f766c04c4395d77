using Podspawn.Oci.Errors;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Tests.Volumes;

/// <summary>What is given to a container's user, and what somebody would like to have given away with it.</summary>
public sealed class OwnerChangeSpecs : IDisposable
{
    private static readonly ProcessUser User = new(1234, 4321, []);

    private readonly TemporaryDirectory directory = new();

    private string Source => $"{directory.Path}/source";

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Everything_in_it_is_given_to_the_user()
    {
        directory.Write("source/a/b/file", "");
        Give();
        Assert.Equal(["1234:4321"], Owners("source", "source/a", "source/a/b", "source/a/b/file").Distinct());
    }

    [Fact]
    public void A_link_is_changed_and_not_what_it_leads_to()
    {
        directory.Write("outside", "");
        directory.Link("source/link", $"{directory.Path}/outside");
        directory.Link("source/up", "..");
        Give();
        Assert.Equal(["1234:4321", "1234:4321", "0:0", "0:0"], Owners("source/link", "source/up", "outside", "."));
    }

    [Fact]
    public void A_file_with_a_name_elsewhere_is_left_alone_and_nothing_is_changed()
    {
        directory.Write("secret", "");
        directory.Write("source/first", "");
        Tool.Run("ln", $"{directory.Path}/secret", $"{Source}/second");
        Assert.Contains("another name outside", Assert.Throws<ContainerException>(Give).Message, StringComparison.Ordinal);
        Assert.Equal(["0:0"], Owners("secret", "source", "source/first").Distinct());
    }

    [Fact]
    public void A_file_with_all_of_its_names_in_it_is_given_away()
    {
        directory.Write("source/one", "");
        directory.Make("source/sub");
        Tool.Run("ln", $"{Source}/one", $"{Source}/sub/two");
        Give();
        Assert.Equal(["1234:4321"], Owners("source/one", "source/sub/two").Distinct());
    }

    [Fact]
    public void A_link_in_the_way_is_not_followed()
    {
        directory.Make("real/inner");
        directory.Link("source", "real");
        Assert.Contains("symbolic link", Assert.Throws<ContainerException>(() => OwnerChange.Make(new VolumeMount($"{Source}/inner", "/d"), User)).Message, StringComparison.Ordinal);
        Assert.Equal(["0:0"], Owners("real", "real/inner").Distinct());
    }

    [Fact]
    public void What_is_mounted_in_it_is_left_alone()
    {
        directory.Make("source/mounted");
        directory.Write("other/file", "");
        Tool.Run("mount", "--bind", $"{directory.Path}/other", $"{Source}/mounted");
        try
        {
            Give();
            Assert.Equal(["1234:4321", "0:0", "0:0"], Owners("source", "other", "other/file"));
        }
        finally
        {
            Tool.Run("umount", $"{Source}/mounted");
        }
    }

    private void Give() => OwnerChange.Make(new VolumeMount(Source, "/d"), User);

    private IEnumerable<string> Owners(params string[] paths) => paths.Select(path => Tool.Run("stat", "-c", "%u:%g", $"{directory.Path}/{path}").Trim());
}
