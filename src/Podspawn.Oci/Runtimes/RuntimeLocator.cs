using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Runtimes;

/// <summary>Finds the program that a <c>runtime</c> value names.</summary>
public static class RuntimeLocator
{
    /// <summary>The runtime where the config names none.</summary>
    public const string DefaultRuntime = "runc";

    /// <summary>The runtimes that have a driver.</summary>
    public static IReadOnlyList<string> Known { get; } = ["runc", "crun", "runsc"];

    /// <summary>The absolute path of the program.</summary>
    /// <param name="runtime">"", a bare name or an absolute path, already checked for shape.</param>
    /// <param name="origin">Where the value comes from: a file may only name a path that only root can change.</param>
    /// <exception cref="ConfigException">There is no such program, or the file names one that others may write.</exception>
    public static string Find(string runtime, Origin origin)
    {
        string name = runtime.Length == 0 ? DefaultRuntime : runtime;
        if (name.StartsWith('/'))
        {
            if (!HostProgram.IsExecutable(name))
                throw Refuse(runtime, origin, $"runtime '{name}' is not an executable file", $"install it, or name another with {Setting.Runtime}");
            if (origin.File is not null && TrustedPath.Culprit(name) is { } culprit)
            {
                throw Refuse(
                    runtime, origin, $"runtime '{name}' is not to be trusted: {culprit} does not belong to root or may be written by others",
                    $"mend its owner and mode, or pass it with {Setting.Runtime}");
            }
            return name;
        }
        if (HostProgram.Find(name, out string? passedOver) is { } program)
            return program;
        if (passedOver is not null)
            throw Refuse(runtime, origin, $"runtime '{name}' in PATH is not to be trusted: {passedOver}", $"mend its owner and mode, or pass its path with {Setting.Runtime}");
        string? near = Known.Contains(name) ? null : Suggestion.DidYouMean(name, Known);
        string install = Known.Contains(name) ? $"install it (apt-get install {name}), or name another with {Setting.Runtime}"
            : $"name one of runc, crun and runsc, or an absolute path with {Setting.Runtime}";
        throw Refuse(runtime, origin, $"runtime '{name}' is not installed", near ?? install);
    }

    /// <summary>The driver of the named program; where a known runtime is not installed, a driver that only tells its traits.</summary>
    /// <exception cref="ConfigException">There is no such runtime.</exception>
    /// <exception cref="RuntimeException">The program is not an OCI runtime.</exception>
    internal static RuntimeDriver FindOrAssume(string runtime, Origin origin, ISignalSource? signals)
    {
        string name = runtime.Length == 0 ? DefaultRuntime : runtime;
        return TryFind(name) is null && Known.Contains(name)
            ? RuntimeDriver.For(name, new RuntimeVersion(name, "(not installed)"))
            : RuntimeDriver.For(Find(runtime, origin), cacheDirectory: null, signals);
    }

    /// <summary>The path of the program with that name; null where it is not found.</summary>
    internal static string? TryFind(string name)
    {
        try
        {
            return Find(name, Origin.Default);
        }
        catch (ConfigException)
        {
            return null;
        }
    }

    private static ConfigException Refuse(string runtime, Origin origin, string what, string hint) =>
        new([new Problem(runtime.Length == 0 ? "" : Keys.Runtime, what, hint, origin)]);
}
