using Podspawn.Oci.Cli.Reading;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The values of docker's <c>--security-opt</c>.</summary>
/// <param name="NoNewPrivileges">Null where it was not given.</param>
/// <param name="Seccomp">Null where it was not given.</param>
/// <param name="Masks">Paths that are covered, or not.</param>
internal sealed record SecurityOptions(bool? NoNewPrivileges, string? Seccomp, MaskOptions Masks)
{
    private const string Known = "no-new-privileges[=true|false], seccomp=default|unconfined|FILE, mask=PATH[:PATH] or unmask=ALL|PATH[:PATH]";

    /// <summary>Reads them, in order.</summary>
    /// <exception cref="UsageException">One is unknown, or nothing here can do it.</exception>
    internal static SecurityOptions Read(IReadOnlyList<string> options)
    {
        bool? noNewPrivileges = null;
        string? seccomp = null;
        List<string> mask = [], unmask = [];
        foreach (string option in options)
        {
            // Docker accepts both "key=value" and the older "key:value".
            int cut = option.IndexOfAny(['=', ':']);
            string key = cut < 0 ? option : option[..cut], value = cut < 0 ? "" : option[(cut + 1)..];
            switch (key)
            {
                case "no-new-privileges":
                    noNewPrivileges = cut < 0 || BooleanWord.Read("--security-opt no-new-privileges", value);
                    break;
                case "seccomp" when value.Length > 0:
                    seccomp = value;
                    break;
                case "mask" when value.Length > 0:
                    mask.AddRange(value.Split(':'));
                    break;
                case "unmask" when value.Length > 0:
                    unmask.AddRange(value.Split(':'));
                    break;
                // There is none that would have to be taken off.
                case "label" when value == "disable":
                case "apparmor" when value == "unconfined":
                    break;
                case "label":
                    throw new UsageException($"--security-opt: '{option}': no container gets a label of SELinux's; leave it away");
                case "apparmor":
                    throw new UsageException($"--security-opt: '{option}': no container gets a profile of AppArmor's; leave it away");
                default:
                    throw new UsageException($"--security-opt: '{option}' is not known; use {Known}");
            }
        }
        return new SecurityOptions(noNewPrivileges, seccomp, new MaskOptions { Mask = mask, Unmask = unmask });
    }
}
