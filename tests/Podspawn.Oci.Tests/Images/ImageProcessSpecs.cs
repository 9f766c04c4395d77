using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Tests.Images;

public sealed class ImageProcessSpecs : IDisposable
{
    private readonly TemporaryDirectory place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void The_configuration_says_how_to_run()
    {
        ImageProcess process = Read("""
            {"architecture":"amd64","os":"linux","config":{"User":"app:app","Env":["A=1","B=x=y"],"Entrypoint":["/e","-v"],"Cmd":["c"],
             "WorkingDir":"/srv","Volumes":{"/data":{},"/var/lib/x/":{}},"StopSignal":"SIGINT","Labels":{"x":"y"},"ExposedPorts":{"80/tcp":{}}},"rootfs":{"type":"layers","diff_ids":[]}}
            """);
        Assert.Equal(["/e", "-v"], process.Entrypoint);
        Assert.Equal(["c"], process.Command);
        Assert.Equal(["A=1", "B=x=y"], process.Environment);
        Assert.Equal(("app:app", "/srv", "SIGINT"), (process.User, process.WorkingDirectory, process.StopSignal));
        Assert.Equal(["/data", "/var/lib/x"], process.Volumes.Order());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"config":null}""")]
    [InlineData("""{"config":{"User":null,"Env":null,"Entrypoint":null,"Cmd":null,"Volumes":null,"WorkingDir":null,"StopSignal":null}}""")]
    [InlineData("""{"config":{"User":"","Env":[],"WorkingDir":""}}""")]
    public void What_is_not_said_is_left_to_the_defaults(string json)
    {
        ImageProcess process = Read(json);
        Assert.Equal((0, 0, 0, "/", null, null),
            (process.Entrypoint.Count, process.Command.Count, process.Environment.Count, process.WorkingDirectory, process.User, process.StopSignal));
    }

    [Theory]
    [InlineData("srv/app", "/srv/app")]
    [InlineData("/a/../../b", "/b")]
    [InlineData("../..", "/")]
    [InlineData("/srv/", "/srv")]
    public void A_working_directory_is_below_the_root_whatever_it_says(string text, string path) =>
        Assert.Equal(path, Read($$$"""{"config":{"WorkingDir":"{{{text}}}"}}""").WorkingDirectory);

    [Fact]
    public void A_variable_without_a_name_or_a_value_is_none() =>
        Assert.Equal(["C="], Read("""{"config":{"Env":["A","=b","C="]}}""").Environment);

    [Theory]
    [InlineData("""{"config":{"Entrypoint":"sh"}}""", "Entrypoint")]
    [InlineData("""{"config":{"Env":{"A":"1"}}}""", "Env")]
    [InlineData("""{"config":{"Cmd":["a",null]}}""", "null at [1]")]
    [InlineData("""{"config":{"Cmd":["a\u0000b"]}}""", "NUL")]
    [InlineData("""{"config":{"User":"a\u0000b"}}""", "NUL")]
    [InlineData("""{"config":{"Volumes":{"/":{}}}}""", "root directory")]
    [InlineData("""{"config":{"Volumes":{"/a/..":{}}}}""", "root directory")]
    [InlineData("""{"config":7}""", "OCI image spec")]
    [InlineData("""[]""", "OCI image spec")]
    [InlineData("""null""", "null")]
    [InlineData("""{"config":{"Cmd":[""", "OCI image spec")]
    public void What_cannot_be_run_is_refused_with_the_place(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Env", "PATH=")]
    [InlineData("Cmd", "")]
    public void A_text_that_no_kernel_takes_is_refused(string key, string before) => Assert.Contains(
        "longer than the 131071 bytes",
        Assert.Throws<ImageException>(() => Read($$$"""{"config":{"{{{key}}}":["{{{before}}}{{{new string(':', 1 << 20)}}}"]}}""")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash() =>
        Assert.Throws<ImageException>(() => Read("""{"config":{"Volumes":{"/a":""" + new string('[', 5000) + new string(']', 5000) + "}}}"));

    [Fact]
    public void A_document_larger_than_four_mebibytes_is_refused() =>
        Assert.Contains("larger", Assert.Throws<ImageException>(() => Read("{\"x\":\"" + new string('a', 5 << 20) + "\"}")).Message, StringComparison.Ordinal);

    private ImageProcess Read(string json)
    {
        string file = $"{place.Path}/config.json";
        File.WriteAllText(file, json);
        return ImageProcess.Of(ImageJson.ReadConfiguration(file).Config);
    }
}
