namespace Podspawn.Oci.Errors;

/// <summary>
/// The caller's names for the settings and operations that messages advise. The library has names of its own for them and knows no command line; a
/// program says once, before its first call, what its users type, and every message is made with that.
/// </summary>
public static class CallerNames
{
    private static Func<string, string> settingName = Quoted;
    private static Func<string, string> operationName = Quoted;

    /// <summary>Sets the names for the whole process.</summary>
    /// <param name="settings">From a setting's name (<c>pids-limit</c>) to the caller's (<c>--pids-limit</c>).</param>
    /// <param name="operations">From an operation's name (<c>rm</c>) to the caller's (<c>podspawn-oci rm</c>).</param>
    public static void Use(Func<string, string> settings, Func<string, string> operations)
    {
        settingName = settings;
        operationName = operations;
    }

    internal static string OfSetting(string name) => settingName(name);

    internal static string OfOperation(string name) => operationName(name);

    private static string Quoted(string name) => $"'{name}'";
}
