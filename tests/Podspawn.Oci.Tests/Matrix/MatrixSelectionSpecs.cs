using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Running;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class MatrixSelectionSpecs
{
    private static readonly string[] Runtimes = ["runc", "crun"];
    private static readonly string[] Probes = ["seccomp", "tmpfs"];

    private static readonly MatrixFile Whole = new(
        "m.yml", TimeSpan.FromSeconds(1),
        [.. Runtimes.Select(name => new MatrixRuntime(name, name, []))],
        [new MatrixConfig("default", PodspawnConfig.BuiltIn)],
        [new MatrixBundle("box", "/box", null)],
        [.. Probes.Select(name => new MatrixProbe(name, null))],
        [.. from runtime in Runtimes from probe in Probes select new MatrixCell(new CellKey(runtime, "default", "box", probe), CellResult.Holds, null)]);

    [Fact]
    public void Without_a_selector_the_whole_stays() => Assert.Same(Whole, MatrixSelection.Apply(Whole, []));

    [Fact]
    public void Selectors_of_different_keys_narrow_and_of_one_key_add_up()
    {
        MatrixFile part = MatrixSelection.Apply(Whole, ["runtime=crun", "probe=tmpfs"]);
        Assert.Equal("crun/default/box/tmpfs", Assert.Single(part.Cells).Key.ToString());
        Assert.Equal("crun", Assert.Single(part.Runtimes).Name);
        Assert.Equal("tmpfs", Assert.Single(part.Probes).Name);
        Assert.Equal(4, MatrixSelection.Apply(Whole, ["runtime=crun", "runtime=runc"]).Cells.Count);
        Assert.Equal(4, MatrixSelection.Apply(Whole, ["probe=tmpfs,seccomp"]).Cells.Count);
    }

    [Theory]
    [InlineData("runtime=rnc", "did you mean runc?")]
    [InlineData("runtime=", "runc")]
    [InlineData("runtime", "runc")]
    [InlineData("colour=red", "no selector")]
    [InlineData("", "no selector")]
    public void A_wrong_selector_is_refused_with_a_mend(string selector, string mend) =>
        Assert.Contains(mend, Assert.Throws<ContainerException>(() => MatrixSelection.Apply(Whole, [selector])).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_selection_leaves_out_is_not_told_as_gone()
    {
        MatrixReport old = MatrixSamples.Report([.. Whole.Cells.Select(cell => MatrixSamples.Cell(cell.Key.Runtime, cell.Key.Config, cell.Key.Probe, bundle: cell.Key.Bundle)),
            MatrixSamples.Cell("runc", "default", "older", bundle: "box")]);
        MatrixReport left = MatrixSelection.Apply(old, Whole, MatrixSelection.Apply(Whole, ["runtime=crun"]));
        Assert.Equal(["crun/default/box/seccomp", "crun/default/box/tmpfs", "runc/default/box/older"], left.Cells.Select(cell => cell.Key.ToString()));
    }
}
