using CliWrap;

namespace Podspawn.Oci.Native;

/// <summary>Removes a directory tree whose content a container may have made.</summary>
internal static class TreeRemoval
{
    /// <summary>Removes the tree; a missing one is no error. Links are removed, never followed, and no mount is entered.</summary>
    internal static void Remove(string path)
    {
        if (DirectoryCalls.RemoveTree(path))
            return;
        // Deeper than we go, or an entry that a mount or an attribute holds: rm(1) gets as far as can be got.
        if (HostProgram.Find("rm") is not { } rm)
            return;
        CliWrap.Cli.Wrap(rm).WithArguments(["-rf", "--one-file-system", "--", path]).WithValidation(CommandResultValidation.None)
            .ExecuteAsync().GetAwaiter().GetResult();
    }
}
