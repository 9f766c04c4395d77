using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>A request for which there is no spec that enforces it. Contains every problem found.</summary>
public sealed class TranslationException(IReadOnlyList<Problem> problems) : PodspawnException(string.Join('\n', problems))
{
    /// <summary>Every problem, in the order of the config reference.</summary>
    public override IReadOnlyList<Problem> Problems { get; } = problems;
}
