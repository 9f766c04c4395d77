using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>A seccomp profile whose rules may depend on capabilities, architecture and kernel, as Docker's do.</summary>
public abstract class SeccompProfile
{
    /// <summary>What is legal but weak, such as a default action that allows every call: lower case, no full stop.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>The filter for a process with this bounding set, on this architecture and kernel.</summary>
    public abstract LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel);
}
