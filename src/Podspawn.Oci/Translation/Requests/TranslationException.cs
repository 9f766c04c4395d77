using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>A wish that cannot be turned into a spec that enforces it. Carries every problem found.</summary>
public sealed class TranslationException(IReadOnlyList<Problem> problems) : PodspawnException(string.Join('\n', problems))
{
    /// <summary>Every problem, in the order of the config reference.</summary>
    public override IReadOnlyList<Problem> Problems { get; } = problems;
}
