namespace Podspawn.Oci.Errors;

/// <summary>A config (file or flags) cannot be honoured. Contains every problem found, not only the first.</summary>
public sealed class ConfigException(IReadOnlyList<Problem> problems) : PodspawnException(string.Join('\n', problems))
{
    /// <summary>Every problem, in the order of the file.</summary>
    public override IReadOnlyList<Problem> Problems { get; } = problems;
}
