using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>A profile as it is in its file.</summary>
internal sealed record ProfileModel
{
    internal string DefaultAction { get; init; } = "";

    internal uint? DefaultErrnoRet { get; init; }

    internal IReadOnlyList<string> Architectures { get; init; } = [];

    internal IReadOnlyList<ArchitectureFamily> ArchMap { get; init; } = [];

    internal IReadOnlyList<string>? Flags { get; init; }

    internal IReadOnlyList<ProfileRule> Rules { get; init; } = [];
}

/// <summary>An element of <c>archMap</c>.</summary>
internal sealed record ArchitectureFamily(string Architecture, IReadOnlyList<string> SubArchitectures);

/// <summary>An element of <c>syscalls</c>: it applies where all of its includes hold and none of its excludes does.</summary>
internal sealed record ProfileRule(SeccompRule Rule, ProfileFilter Includes, ProfileFilter Excludes)
{
    internal bool Applies(CapabilitySet bounding, CpuArchitecture architecture, Version kernel) =>
        Includes.AllHold(bounding, architecture, kernel) && !Excludes.AnyHolds(bounding, architecture, kernel);
}

/// <summary>The value of <c>includes</c> or <c>excludes</c>.</summary>
internal sealed record ProfileFilter(CapabilitySet Capabilities, IReadOnlyList<string> Architectures, Version? MinKernel)
{
    internal static ProfileFilter None { get; } = new(CapabilitySet.Empty, [], null);

    internal bool AllHold(CapabilitySet bounding, CpuArchitecture architecture, Version kernel) =>
        bounding.IsSupersetOf(Capabilities)
        && (Architectures.Count == 0 || Architectures.Contains(SeccompArchitectures.FilterName(architecture)))
        && (MinKernel is null || kernel >= MinKernel);

    internal bool AnyHolds(CapabilitySet bounding, CpuArchitecture architecture, Version kernel) =>
        (bounding & Capabilities) != CapabilitySet.Empty
        || Architectures.Contains(SeccompArchitectures.FilterName(architecture))
        || (MinKernel is not null && kernel >= MinKernel);
}
