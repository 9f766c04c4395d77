namespace Podspawn.Oci.Cli.Output;

/// <summary>What <c>diff --format json</c> prints; the words are podman's.</summary>
internal sealed record DiffReport(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Deleted);
