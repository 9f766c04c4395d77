using System.CommandLine;
using Podspawn.Oci.Images.Tools;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>login</c> and <c>logout</c>: skopeo's, whose credentials <c>pull</c>, <c>push</c> and <c>run</c> use.</summary>
internal static class LoginVerbs
{
    internal static Command CreateLogin()
    {
        var username = new Option<string?>("--username", "-u") { HelpName = "NAME", Description = "The user" };
        var password = new Option<string?>("--password", "-p") { HelpName = "WORD", Description = "The password, which other users then see in the list of processes" };
        var passwordStdin = new Option<bool>("--password-stdin") { Description = "Read the password from the standard input", Arity = ArgumentArity.Zero };
        var getLogin = new Option<bool>("--get-login") { Description = "Tell who is logged in", Arity = ArgumentArity.Zero };
        Option<string?> authFile = AuthFile();
        var certDir = new Option<string?>("--cert-dir") { HelpName = "DIR", Description = "A directory with certificates (*.crt, *.cert, *.key) for the registry" };
        Option<bool?> tlsVerify = TlsVerify();
        Argument<string?> registry = Registry();
        var verb = new Command("login", """
            Log in to a registry: skopeo asks for the name and the password, tries them, and keeps them in its own file, where pull, push and
            run find them.

            Examples:
              podspawn-oci login registry.example
              podspawn-oci login --username me --password-stdin registry.example < password
            """)
        {
            username, password, passwordStdin, getLogin, authFile, certDir, tlsVerify, registry,
        };
        verb.SetAction(parsed => Failures.Guard(() => Handover.ToSkopeo([
            "login", .. Value(parsed, username), .. Value(parsed, password), .. Switch(parsed, passwordStdin), .. Switch(parsed, getLogin), .. Value(parsed, authFile),
            .. Value(parsed, certDir), .. Verify(parsed, tlsVerify), "--", .. Registry(parsed, registry),
        ])));
        return verb;
    }

    internal static Command CreateLogout()
    {
        var all = new Option<bool>("--all", "-a") { Description = "Log out of every registry", Arity = ArgumentArity.Zero };
        Option<string?> authFile = AuthFile();
        Argument<string?> registry = Registry();
        var verb = new Command("logout", """
            Log out of a registry: skopeo removes the name and the password from its file.

            Examples:
              podspawn-oci logout registry.example
            """)
        {
            all, authFile, registry,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
            Handover.ToSkopeo(["logout", .. Switch(parsed, all), .. Value(parsed, authFile), "--", .. Registry(parsed, registry)])));
        return verb;
    }

    private static Option<string?> AuthFile() => new("--authfile") { HelpName = "FILE", Description = "The file with credentials of registries (default: skopeo's)" };

    private static Option<bool?> TlsVerify() => new("--tls-verify") { HelpName = "BOOL", Description = "Insist on TLS with a certificate that is trusted",
        Arity = ArgumentArity.ZeroOrOne };

    private static Argument<string?> Registry() => new("REGISTRY") { Description = "HOST[:PORT] (default: the first of registries.conf)", Arity = ArgumentArity.ZeroOrOne };

    private static IEnumerable<string> Registry(ParseResult parsed, Argument<string?> registry) => parsed.GetValue(registry) is { } named ? [named] : [];

    // One word with its flag: a value may begin with a dash.
    private static IEnumerable<string> Value(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } value ? [$"{option.Name}={value}"] : [];

    private static IEnumerable<string> Switch(ParseResult parsed, Option<bool> option) => parsed.GetValue(option) ? [option.Name] : [];

    private static IEnumerable<string> Verify(ParseResult parsed, Option<bool?> option) =>
        parsed.GetResult(option) is null ? [] : [$"{option.Name}={((parsed.GetValue(option) ?? true) ? "true" : "false")}"];
}
