using System.CommandLine;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's flags for devices of the host; those that the config does not give are refused.</summary>
internal sealed class DeviceFlags
{
    private readonly Option<string[]> device = Flag.List(
        "--device", "HOST[:CONTAINER][:ACCESS]", "Give a device of the host that the config names in security.devices; ACCESS is of r, w and m");
    private readonly Option<string[]> rule = Flag.List("--device-cgroup-rule", "RULE", "Let it open such a device, as 'c 10:229 rw', wherever it has a file of it");

    internal void AddTo(Command verb)
    {
        verb.Options.Add(device);
        verb.Options.Add(rule);
    }

    internal DeviceOptions Read(ParseResult parsed) => new() { Devices = parsed.GetValue(device) ?? [], Rules = parsed.GetValue(rule) ?? [] };
}
