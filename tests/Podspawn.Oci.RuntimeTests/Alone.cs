namespace Podspawn.Oci.RuntimeTests;

/// <summary>Tests that check everything on the host, and so run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
