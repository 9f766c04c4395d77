using System.CommandLine;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's and podman's flags for what a container's processes find around them: variables, groups, names of hosts, time.</summary>
internal sealed class EnvironmentFlags
{
    private readonly Option<bool> envHost = Switch("--env-host", "Pass all the caller's environment variables on");
    private readonly Option<string[]> unsetenv = Flag.List("--unsetenv", "NAME", "Leave out a variable of the image or of our own");
    private readonly Option<bool> unsetenvAll = Switch("--unsetenv-all", "Leave out every variable of the image and of our own");
    private readonly Option<string[]> groupAdd = Flag.List("--group-add", "GROUP", "Add a group to the user's, by name or number");
    private readonly Option<string[]> addHost = Flag.List("--add-host", "NAME:ADDRESS", "Add a host to /etc/hosts");
    private readonly Option<string[]> dns = Flag.List("--dns", "ADDRESS", "A name server, in place of the host's");
    private readonly Option<string[]> dnsSearch = Flag.List("--dns-search", "DOMAIN", "A domain to search, in place of the host's; . for none");
    private readonly Option<string[]> dnsOption = Flag.List("--dns-option", "OPTION", "An option of the resolver, in place of the host's", "--dns-opt");
    private readonly Option<string?> timeZone = new("--tz") { HelpName = "ZONE", Description = "The time zone inside: local, or a name such as Europe/Vienna" };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { envHost, unsetenv, unsetenvAll, groupAdd, addHost, dns, dnsSearch, dnsOption, timeZone })
            verb.Options.Add(option);
    }

    /// <summary>Adds the user's flags to the options.</summary>
    /// <exception cref="UsageException">Flags exclude each other.</exception>
    internal LaunchOptions Apply(ParseResult parsed, LaunchOptions options) => options with
    {
        HostEnvironment = parsed.GetValue(envHost),
        UnsetEnvironment = parsed.GetValue(unsetenv) ?? [],
        UnsetAllEnvironment = parsed.GetValue(unsetenvAll),
        Groups = parsed.GetValue(groupAdd) ?? [],
        Names = new NameOptions
        {
            Hosts = parsed.GetValue(addHost) ?? [],
            Servers = parsed.GetValue(dns) ?? [],
            Search = parsed.GetValue(dnsSearch) ?? [],
            Options = parsed.GetValue(dnsOption) ?? [],
        },
        TimeZone = parsed.GetValue(timeZone) is not null && options.RootfsWritable
            ? throw new UsageException("--tz: with --rootfs-writable the file would be written into your own tree; set the variable TZ with --env, or leave one of the two away")
            : parsed.GetValue(timeZone),
    };

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };
}
