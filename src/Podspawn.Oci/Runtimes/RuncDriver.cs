using Podspawn.Oci.Host;

namespace Podspawn.Oci.Runtimes;

/// <summary>runc, the reference runtime.</summary>
internal sealed class RuncDriver(string program, RuntimeVersion version) : RuntimeDriver(program, version)
{
    public override RuntimeTraits Traits { get; } = RuncTraits.Table.Of(version, SystemCallHandler.Host);
}
