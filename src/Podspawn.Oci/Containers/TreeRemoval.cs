using CliWrap;

namespace Podspawn.Oci.Containers;

/// <summary>Removes a directory tree whose content a container may have made.</summary>
internal static class TreeRemoval
{
    /// <summary>Removes the tree; a missing one is no error. Links are removed, never followed, and no mount is entered.</summary>
    internal static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deeper than a path may be long, or changed under our hands: rm(1) walks by descriptors.
            CliWrap.Cli.Wrap("rm").WithArguments(["-rf", "--one-file-system", "--", path]).WithValidation(CommandResultValidation.None)
                .ExecuteAsync().GetAwaiter().GetResult();
        }
    }
}
