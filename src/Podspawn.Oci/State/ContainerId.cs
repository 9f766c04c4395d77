using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.State;

/// <summary>
/// The rule for container ids: <c>^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$</c>. It is checked on every verb, since an id becomes a path
/// and a runtime's argument (crun 1.8.1 deletes all of /run when asked to delete <c>..</c>).
/// </summary>
public static class ContainerId
{
    private const int Longest = 64;

    /// <summary>Whether the text is a container id.</summary>
    public static bool IsValid(string id)
    {
        if (id.Length is 0 or > Longest || !char.IsAsciiLetterOrDigit(id[0]))
            return false;
        foreach (char c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        }
        return true;
    }

    /// <summary>Checks an id, and returns it.</summary>
    /// <exception cref="ContainerException">The id breaks the rule.</exception>
    public static string Check(string id) => IsValid(id)
        ? id
        : throw new ContainerException(
            $"{Setting.ContainerName}: '{Printable.Clean(id, 80)}' is no container name; begin with a letter or digit and go on with letters, digits, '_', '.' and '-', at most " +
                $"{Longest} characters");

    /// <summary>The length of the ids of containers.</summary>
    public const int KeptLength = 64;

    /// <summary>Creates a random id of 64 hexadecimal digits, for a container.</summary>
    public static string NewKept() => $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    /// <summary>Creates a random id of 12 hexadecimal digits.</summary>
    public static string NewRandom() => Guid.NewGuid().ToString("N")[..12];
}
