namespace Podspawn.Oci.RuntimeTests;

/// <summary>Tests that look at everything on the host, and so run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
