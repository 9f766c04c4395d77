using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Running;

namespace Podspawn.Oci.Tests.Callbacks;

/// <summary>The command line that launches a cell of a matrix.</summary>
public sealed class CellArgumentsSpecs
{
    private static readonly MatrixRuntime Runtime = new("fast", "crun", ["--debug"]);

    [Fact]
    public void A_finding_is_verified_without_a_time_limit_of_its_own() => Assert.Equal(
        "verify --config /c --runtime crun --runtime-flag=--debug --rootfs /empty --only tmpfs --time-limit 3600 --format json",
        string.Join(' ', CellArguments.Of(new CellLaunch(Runtime, "/c", new MatrixBundle("none", null, null), "/empty", new MatrixProbe("tmpfs", null)))));

    [Fact]
    public void A_command_is_run() => Assert.Equal(
        "run --config /c --runtime crun --runtime-flag=--debug --bundle /b -- id -u",
        string.Join(' ', CellArguments.Of(new CellLaunch(
            Runtime, "/c", new MatrixBundle("some", null, "/b"), "/empty", new MatrixProbe("id", new CommandProbe(["id", "-u"], 0, null, null, null))))));
}
