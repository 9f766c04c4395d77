using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.RootFilesystems;

public sealed class UserDatabaseSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public UserDatabaseSpecs()
    {
        directory.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/home/app:/bin/sh\nodd:x:-1:0::/:/bin/sh\nhomeless:x:7:8:::\n#no:x:9:9::/:\n");
        directory.Write("etc/group", "root:x:0:\napp:x:1001:\nextra:x:2000:other,app\nmore:x:2001:app\napplied:x:2002:apple\n");
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(null, 0, 0, "", "/root")]
    [InlineData("", 0, 0, "", "/root")]
    [InlineData("app", 1000, 1001, "2000,2001", "/home/app")]
    [InlineData("1000", 1000, 1001, "2000,2001", "/home/app")]
    [InlineData("app:extra", 1000, 2000, "", "/home/app")]
    [InlineData("app:55", 1000, 55, "", "/home/app")]
    [InlineData("4242", 4242, 0, "", "/")]
    [InlineData("4242:4343", 4242, 4343, "", "/")]
    [InlineData(":extra", 0, 2000, "", "/root")]
    [InlineData("homeless", 7, 8, "", "/")]
    public void Names_and_numbers_resolve_as_with_docker(string? user, uint uid, uint gid, string groups, string home)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        (ProcessUser found, string foundHome) = UserDatabase.Read(root).Resolve(user);
        Assert.Equal((uid, gid, groups, home), (found.Uid, found.Gid, string.Join(',', found.AdditionalGids), foundHome));
    }

    [Fact]
    public void A_user_in_more_groups_than_the_kernel_takes_is_refused()
    {
        directory.Write("etc/group", string.Concat(Enumerable.Range(1, 70_000).Select(gid => $"g:x:{gid + 5000}:app\n")));
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        UserDatabase users = UserDatabase.Read(root);
        Assert.Contains("65536 groups", Assert.Throws<RootFilesystemException>(() => users.Resolve("app")).Message, StringComparison.Ordinal);
        Assert.Equal(55u, users.Resolve("app:55").User.Gid);
    }

    [Theory]
    [InlineData("no\nbody", "no user 'no\\u000abody' in")]
    [InlineData("5:no\nbody", "no group 'no\\u000abody' in")]
    public void A_name_with_a_line_end_begins_no_line_in_a_message(string user, string words) =>
        Assert.Contains(words, Assert.Throws<RootFilesystemException>(() => UserDatabase.Empty.Resolve(user)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1000, 1001, "2000", "1001,2000")]
    [InlineData(1000, 1001, "1001,2000", "1001,2000")]
    [InlineData(1000, 0, "", "0")]
    [InlineData(0, 1001, "", "1001")]
    [InlineData(0, 0, "10", "10")]
    public void A_process_has_its_own_group_among_its_supplementary_ones(uint uid, uint gid, string more, string groups) => Assert.Equal(
        groups, string.Join(',', new ProcessUser(uid, gid,
            [.. more.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => uint.Parse(text, System.Globalization.CultureInfo.InvariantCulture))]).Groups));

    [Fact]
    public void A_number_is_never_taken_for_the_name_of_an_entry()
    {
        directory.Write("etc/passwd", "1000:x:0:0::/root:/bin/sh\n");
        directory.Write("etc/group", "1001:x:0:\n");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        (ProcessUser found, string home) = UserDatabase.Read(root).Resolve("1000:1001");
        Assert.Equal((1000u, 1001u, "/"), (found.Uid, found.Gid, home));
    }

    [Theory]
    [InlineData("nobody", "no user 'nobody'")]
    [InlineData("app:nogroup", "no group 'nogroup'")]
    [InlineData("4294967295", "no user '4294967295'")]
    [InlineData("-1", "no user '-1'")]
    [InlineData("odd", "no usable numbers")]
    [InlineData("#no", "no user '#no'")]
    public void Strangers_are_refused(string user, string message)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        RootFilesystemException e = Assert.Throws<RootFilesystemException>(() => UserDatabase.Read(root).Resolve(user));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
