using CliWrap;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Tools;

/// <summary>Hands our standard streams and our terminal over to another program that talks with the user itself, and waits for its end.</summary>
public static class Handover
{
    /// <summary>Lets skopeo log in to a registry, or out of one (skopeo-login(1), skopeo-logout(1)): it asks for the password, and keeps the credentials where it wants.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its exit status.</returns>
    /// <exception cref="ImageException">It is not installed, or does not start.</exception>
    public static int ToSkopeo(IReadOnlyList<string> arguments) => Run("skopeo", arguments);

    private static int Run(string tool, IReadOnlyList<string> arguments)
    {
        string program = HostProgram.Find(tool) ?? throw new ImageException($"{tool} is not installed; install it (apt-get install {tool})");
        try
        {
            // A signal of the terminal reaches it as well as us; what it does then is its own matter.
            return CliWrap.Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteAsync(
                start =>
                {
                    start.RedirectStandardInput = false;
                    start.RedirectStandardOutput = false;
                    start.RedirectStandardError = false;
                },
                null, CancellationToken.None, CancellationToken.None).Task.GetAwaiter().GetResult().ExitCode;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new ImageException($"{program}: cannot be started: {e.Message}; check its installation");
        }
    }
}
