using System.Collections;
using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>
/// The container's environment from docker's <c>--env</c> and <c>--env-file</c>. A name without a value stands for the caller's: where the caller has none,
/// the container has none either, whatever its image says.
/// </summary>
internal static class EnvironmentOptions
{
    private const int LargestFile = 4 << 20;
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly UTF8Encoding Exact = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Merges defaults, then <paramref name="inherited"/>, then files, then flags; the last value of a name wins.</summary>
    internal static IReadOnlyList<string> Compose(LaunchOptions options, IReadOnlyList<string> inherited, string home, string hostName)
    {
        List<string> defaults = [DefaultPath, $"HOSTNAME={hostName}"];
        if (options.Terminal)
            defaults.Add("TERM=xterm");
        IEnumerable<string> ofCaller = options.HostEnvironment ? OfCaller() : [];
        List<string> values = Merge(options.UnsetAllEnvironment
            ? [.. ofCaller]
            : [.. defaults, .. ofCaller, $"HOME={home}", .. inherited.Where(variable => !ProcessMarks.IsOurs(variable))]);
        foreach (string name in options.UnsetEnvironment)
            Remove(values, name);
        Add(values, options.EnvironmentFiles, options.Environment);
        return values;
    }

    /// <summary>Merges a running container's environment for an additional process, then files, then flags; the last value of a name wins.</summary>
    /// <param name="inherited">The container's own environment.</param>
    /// <param name="home">The home directory where the user is not the container's own; null for the container's user.</param>
    /// <param name="terminal">Whether the process has a terminal.</param>
    /// <param name="files">The files.</param>
    /// <param name="flags">The flags.</param>
    internal static IReadOnlyList<string> Extend(IEnumerable<string> inherited, string? home, bool terminal, IReadOnlyList<string> files, IReadOnlyList<string> flags)
    {
        List<string> values = [.. inherited.Where(variable => !ProcessMarks.IsOurs(variable))];
        if (home is not null)
            Set(values, $"HOME={home}");
        if (terminal && !values.Exists(variable => variable.StartsWith("TERM=", StringComparison.Ordinal)))
            Set(values, "TERM=xterm");
        Add(values, files, flags);
        return values;
    }

    private static void Add(List<string> values, IReadOnlyList<string> files, IReadOnlyList<string> flags)
    {
        foreach (string file in files)
            ReadFile(values, file);
        foreach (string variable in flags)
            SetOrInherit(values, variable, Setting.Env.ToString());
    }

    private static void ReadFile(List<string> values, string file)
    {
        string text;
        try
        {
            text = Exact.GetString(CallersFile.Read(file, LargestFile).Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new ContainerException($"{Setting.EnvFile}: '{file}' is not UTF-8, and its values would be passed on changed; write it in UTF-8");
        }
        catch (UnfitFileException e)
        {
            throw new ContainerException($"{Setting.EnvFile}: cannot read '{file}': {e.Message}; name a readable file of NAME=value lines");
        }
        // As Go's reader, which docker and podman use: a line ends with a line feed, before which a carriage return is left out; one elsewhere is the value's.
        int number = 0;
        foreach (string whole in text.Split('\n'))
        {
            number++;
            string line = (whole.EndsWith('\r') ? whole[..^1] : whole).TrimStart(' ', '\t');
            if (line.Length > 0 && line[0] != '#')
                SetOrInherit(values, line, $"{file}:{number}");
        }
    }

    private static void SetOrInherit(List<string> values, string variable, string place)
    {
        int equals = variable.IndexOf('=');
        string name = equals < 0 ? variable : variable[..equals];
        if (name.Length == 0 || name.AsSpan().ContainsAny(" \t\0") || variable.Contains('\0'))
            throw new ContainerException($"{place}: '{variable}' is no environment variable; write NAME=value, or NAME to pass the caller's value on");
        if (ProcessMarks.IsOurs(name))
            throw new ContainerException($"{place}: {name} is podspawn-oci's own mark for the processes that it starts on the host, and no container's; leave it away");
        if (equals >= 0)
            Set(values, variable);
        else if (Environment.GetEnvironmentVariable(name) is { } value)
            Set(values, CallersVariable.IsChanged(name, value)
                ? throw new ContainerException($"{place}: the caller's value of {name} is not UTF-8, and would be passed on changed; write {name}=value in UTF-8")
                : $"{name}={value}");
        else
            Remove(values, name);
    }

    private static void Remove(List<string> values, string name) =>
        values.RemoveAll(existing => existing == name || existing.StartsWith($"{name}=", StringComparison.Ordinal));

    // A value that is not UTF-8 would be passed on changed.
    private static IEnumerable<string> OfCaller()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string { Length: > 0 } name, Value: string value } && !ProcessMarks.IsOurs(name) && !CallersVariable.IsChanged(name, value))
                yield return $"{name}={value}";
        }
    }

    // The merge looks names up in an index: an image or a bundle can bring a million of them.
    private static List<string> Merge(IReadOnlyList<string> variables)
    {
        var values = new List<string>(variables.Count);
        var places = new Dictionary<string, int>(variables.Count, StringComparer.Ordinal);
        foreach (string variable in variables)
        {
            int equals = variable.IndexOf('=');
            string name = equals < 0 ? variable : variable[..equals];
            if (places.TryAdd(name, values.Count))
                values.Add(variable);
            else
                values[places[name]] = variable;
        }
        return values;
    }

    private static void Set(List<string> values, string variable)
    {
        int equals = variable.IndexOf('=');
        string prefix = equals < 0 ? variable : variable[..(equals + 1)];
        int at = values.FindIndex(existing => existing.StartsWith(prefix, StringComparison.Ordinal));
        if (at >= 0)
            values[at] = variable;
        else
            values.Add(variable);
    }
}
