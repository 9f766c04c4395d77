using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>A config as far as its text could be read.</summary>
/// <param name="Config">The config; what could not be read has its default.</param>
/// <param name="Problems">What could not be read, in the order of the text. The values that could are not judged yet.</param>
public sealed record ConfigReading(PodspawnConfig Config, IReadOnlyList<Problem> Problems);
