using Podspawn.Oci.Errors;

namespace Podspawn.Oci.State;

/// <summary>What a state directory says counts in another place: nothing in it is believed here, or cleared away.</summary>
public sealed class ForeignStoreException(string message) : ContainerException(message);
