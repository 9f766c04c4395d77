namespace Podspawn.Oci.Hosting;

/// <summary>Reads <see cref="HostFacts"/> from the running host.</summary>
public static class HostProbe
{
}
