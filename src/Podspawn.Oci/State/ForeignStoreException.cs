using Podspawn.Oci.Errors;

namespace Podspawn.Oci.State;

/// <summary>The records in a state directory belong to another place: they are neither believed here nor removed.</summary>
public sealed class ForeignStoreException(string message) : ContainerException(message);
