using Podspawn.Oci.Host;

namespace Podspawn.Oci.Runtimes;

/// <summary>crun, the small runtime in C.</summary>
internal sealed record CrunDriver(string Program, RuntimeVersion Version) : RuntimeDriver(Program, Version)
{
    public override RuntimeTraits Traits { get; } = CrunTraits.Table.Of(Version, SystemCallHandler.Host);
}
