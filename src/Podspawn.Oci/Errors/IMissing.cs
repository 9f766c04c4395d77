namespace Podspawn.Oci.Errors;

/// <summary>An exception that says that what was named does not exist: removing it has an exit status of its own.</summary>
public interface IMissing;
