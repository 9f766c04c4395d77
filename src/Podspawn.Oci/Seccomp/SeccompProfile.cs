using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>A seccomp profile whose rules may depend on capabilities, architecture and kernel, as Docker's do.</summary>
public abstract class SeccompProfile
{
    /// <summary>The filter for a process with this bounding set, on this architecture and kernel.</summary>
    public abstract LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel);
}
