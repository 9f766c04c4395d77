using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>A profile from a file, in Docker's JSON format or as the plain seccomp section of an OCI runtime spec.</summary>
public sealed class DockerSeccompProfile : SeccompProfile
{
    private readonly ProfileModel _model;

    private DockerSeccompProfile(ProfileModel model, IReadOnlyList<string> warnings)
    {
        _model = model;
        Warnings = warnings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a profile. Anything that is not understood is an error: a misspelt word in a tightening profile would fail open.</summary>
    /// <param name="utf8Json">The file's bytes; the caller limits their number.</param>
    /// <param name="fileName">The file's name for messages.</param>
    /// <exception cref="SeccompProfileException">The file is not a profile that can be honoured as written.</exception>
    public static DockerSeccompProfile Parse(ReadOnlySpan<byte> utf8Json, string fileName)
    {
        var reader = new ProfileReader(utf8Json, fileName);
        return new DockerSeccompProfile(reader.Read(), reader.Warnings);
    }

    /// <inheritdoc/>
    public override LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var rules = new List<SeccompRule>(_model.Rules.Count);
        foreach (ProfileRule rule in _model.Rules)
        {
            if (rule.Applies(bounding, architecture, kernel))
                rules.Add(rule.Rule);
        }

        return new LinuxSeccomp
        {
            DefaultAction = _model.DefaultAction,
            DefaultErrnoRet = _model.DefaultErrnoRet,
            Architectures = Architectures(architecture),
            Flags = _model.Flags,
            Syscalls = rules,
        };
    }

    // Null leaves the choice to the runtime: only the native architecture.
    private IReadOnlyList<string>? Architectures(CpuArchitecture architecture)
    {
        if (_model.Architectures.Count > 0)
            return _model.Architectures;
        foreach (ArchitectureFamily family in _model.ArchMap)
        {
            if (family.Architecture == SeccompArchitectures.Name(architecture))
                return [family.Architecture, .. family.SubArchitectures];
        }

        return null;
    }
}
