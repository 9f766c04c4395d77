namespace Podspawn.Oci.Capabilities;

/// <summary>The result of resolving <c>cap_add</c> and <c>cap_drop</c>.</summary>
/// <param name="Set">The bounding, permitted and effective set. It may contain capabilities of a newer kernel that have no name here.</param>
/// <param name="Problems">What cannot be honoured; empty where the set is what was asked for.</param>
/// <param name="StartsFromDockerDefault">Whether neither list contained ALL, so that Docker's default set was the start.</param>
public sealed record CapabilityResolution(CapabilitySet Set, IReadOnlyList<CapabilityProblem> Problems, bool StartsFromDockerDefault);

/// <summary>An element of a capability list that cannot be honoured.</summary>
/// <param name="List"><c>cap_add</c> or <c>cap_drop</c>.</param>
/// <param name="Index">The element, from 0.</param>
/// <param name="What">What is wrong: lower case, no full stop.</param>
/// <param name="Hint">What to write instead: lower case, no full stop; may be empty.</param>
public sealed record CapabilityProblem(string List, int Index, string What, string Hint);
