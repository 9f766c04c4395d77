using Podspawn.Oci.Configuration;

namespace Podspawn.Oci.Translation;

/// <summary>A wish that cannot be turned into a spec that enforces it. Carries every problem found.</summary>
public sealed class TranslationException(IReadOnlyList<Problem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>Every problem, in the order of the config reference.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
