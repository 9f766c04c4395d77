namespace Podspawn.Oci.Native;

/// <summary>Removes a directory tree whose content a container may have made.</summary>
internal static class TreeRemoval
{
    /// <summary>
    /// Removes the tree, however deep it is and whatever flags protect it; a missing one is no error. Links are removed, never followed, and no mount is
    /// entered. What a mount holds stays.
    /// </summary>
    internal static void Remove(string path) => DirectoryCalls.RemoveTree(path);
}
