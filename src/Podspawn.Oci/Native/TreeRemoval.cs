namespace Podspawn.Oci.Native;

/// <summary>Removes a directory tree whose content may come from a container.</summary>
internal static class TreeRemoval
{
    /// <summary>
    /// Removes the tree, however deep it is and whatever flags protect it; a missing one is not an error. Links are removed, never followed, and no
    /// mount is entered, so that its content stays.
    /// </summary>
    internal static void Remove(string path) => DirectoryCalls.RemoveTree(path);
}
