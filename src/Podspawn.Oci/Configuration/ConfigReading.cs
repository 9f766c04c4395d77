using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>A config as far as its text could be read.</summary>
/// <param name="Config">The config; keys that could not be read have their defaults.</param>
/// <param name="Problems">The problems of reading, in the order of the text. Values that could be read are not judged yet.</param>
public sealed record ConfigReading(PodspawnConfig Config, IReadOnlyList<Problem> Problems);
