namespace Podspawn.Oci.Errors;

/// <summary>Something a caller can do, named in a message as the way out: <c>start it first: {Operation.Start} web</c>.</summary>
/// <param name="Name">The library's name for it, in lower case, words separated by blanks.</param>
public sealed record Operation(string Name)
{
    internal static Operation Collect { get; } = new("gc");

    internal static Operation GenerateSystemd { get; } = new("generate systemd");

    internal static Operation Exec { get; } = new("exec");

    internal static Operation HealthcheckRun { get; } = new("healthcheck run");

    internal static Operation Images { get; } = new("images");

    internal static Operation Import { get; } = new("import");

    internal static Operation List { get; } = new("ps");

    internal static Operation CreateNetwork { get; } = new("network create");

    internal static Operation RemoveNetwork { get; } = new("network rm");

    internal static Operation CreateVolume { get; } = new("volume create");

    internal static Operation ListVolumes { get; } = new("volume ls");

    internal static Operation RemoveVolume { get; } = new("volume rm");

    internal static Operation Remove { get; } = new("rm");

    internal static Operation Save { get; } = new("save");

    internal static Operation Start { get; } = new("start");

    internal static Operation Stop { get; } = new("stop");

    internal static Operation Unpause { get; } = new("unpause");

    internal static Operation Verify { get; } = new("verify");

    /// <summary>The caller's name for it.</summary>
    public override string ToString() => CallerNames.OfOperation(Name);
}
