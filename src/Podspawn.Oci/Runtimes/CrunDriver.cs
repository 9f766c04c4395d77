using Podspawn.Oci.Host;

namespace Podspawn.Oci.Runtimes;

/// <summary>crun, the small runtime in C.</summary>
internal sealed class CrunDriver(string program, RuntimeVersion version) : RuntimeDriver(program, version)
{
    public override RuntimeTraits Traits { get; } = CrunTraits.Table.Of(version, SystemCallHandler.Host);
}
