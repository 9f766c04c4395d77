using System.Text.Json;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>A seccomp profile, parsed and resolved for the hosts that a rule may apply to.</summary>
internal static class SeccompProfileTarget
{
    private static readonly Version[] Kernels = [new(4, 8), new(6, 1)];

    internal static FuzzTarget Target { get; } = new("seccomp-profile", [typeof(SeccompProfileException)], Read);

    private static void Read(byte[] input) =>
        Promise.Hold(Resolved(input) == Resolved(input), "a profile that is read twice is the same");

    private static string Resolved(byte[] input)
    {
        DockerSeccompProfile profile = DockerSeccompProfile.Parse(input, "profile.json");
        var all = new List<LinuxSeccomp>();
        foreach (CpuArchitecture architecture in new[] { CpuArchitecture.X64, CpuArchitecture.Arm64 })
        {
            foreach (Version kernel in Kernels)
            {
                all.Add(profile.Resolve(CapabilitySet.Empty, architecture, kernel));
                all.Add(profile.Resolve(CapabilitySet.UpTo(40), architecture, kernel));
            }
        }
        return $"{JsonSerializer.Serialize(all)} {string.Join('\n', profile.Warnings)}";
    }
}
