using Podspawn.Oci.Host;

namespace Podspawn.Oci.Runtimes;

/// <summary>runc, the reference runtime.</summary>
internal sealed record RuncDriver(string Program, RuntimeVersion Version) : RuntimeDriver(Program, Version)
{
    public override RuntimeTraits Traits { get; } = RuncTraits.Table.Of(Version, SystemCallHandler.Host);
}
