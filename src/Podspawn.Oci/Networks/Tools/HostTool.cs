using System.Collections;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks.Tools;

/// <summary>Calls the programs that make networks: netavark, and nft.</summary>
internal static class HostTool
{
    private const string Directories = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The programs, and Debian's packages that have them.</summary>
    internal static IReadOnlyList<(string Name, string Package)> Programs { get; } =
    [
        ("netavark", "netavark"), ("aardvark-dns", "aardvark-dns"), ("iptables", "iptables"), ("ip6tables", "iptables"), (Nft.Program, "nftables"), ("ip", "iproute2"),
        ("dnsmasq", "dnsmasq-base"), ("conntrack", "conntrack"),
    ];

    /// <summary>Finds a program.</summary>
    /// <exception cref="NetworkException">It is not installed.</exception>
    internal static string Require(string name) => HostProgram.Find(name) ?? throw new NetworkException(
        $"{HostProgram.WhyNot(name)}, and networks need it; install it: apt-get install {Programs.First(program => program.Name == name).Package}");

    /// <summary>Runs a program in a network namespace, which must succeed.</summary>
    /// <exception cref="NetworkException">It fails.</exception>
    internal static void RunInside(SafeFileHandle space, string name, params IReadOnlyList<string> arguments) => NetworkSpace.Inside(space, () =>
    {
        (int status, _, string error) = Run(Require(name), arguments, default);
        if (status != 0)
            throw new NetworkException($"{name} {string.Join(' ', arguments)}: {Printable.Line(error.Trim())}");
    });

    /// <summary>Runs a program with a text as its input, in an environment of its own: what it starts stays, and is not to hold what is the caller's.</summary>
    /// <exception cref="NetworkException">It cannot be started, or was not done in time.</exception>
    internal static (int Status, string Output, string Error) Run(string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, _ => (string?)null);
        // They find iptables and systemd-run by it.
        environment["PATH"] = Directories;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            BufferedCommandResult result = CliWrap.Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory("/").WithEnvironmentVariables(environment)
                .WithStandardInputPipe(PipeSource.FromBytes(input)).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, limit.Token).GetAwaiter().GetResult();
            return (result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new NetworkException($"{program}: cannot be started: {e.Message}; install it anew");
        }
        catch (OperationCanceledException)
        {
            throw new NetworkException($"{program}: was not done after {Longest.TotalSeconds:F0} s, and was ended; try again");
        }
    }
}
