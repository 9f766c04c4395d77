namespace Podspawn.Oci.Translation.Requests;

/// <summary>A volume of the store, as a launch needs it.</summary>
/// <param name="Name">Its name, which is checked.</param>
public sealed record NamedVolume(string Name)
{
    /// <summary>Whether it was made for one container, which has no name for it.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether it has to be there already: a launch makes one that is missing.</summary>
    public bool MustExist { get; init; }

    /// <summary>Whether what the image has at the mount's destination stays out of it.</summary>
    public bool TakesNothing { get; init; }

    /// <summary>The labels of one that the launch makes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
