using System.Net;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Networks;

/// <summary>
/// Who has which address of a network at this moment: one file for each address, which contains the path of its holder's record. An address whose
/// holder has no record any more is free. The caller holds the lock of the networks where it takes or gives back.
/// </summary>
internal sealed class AddressLeases(NetworkPlaces places, Network network)
{
    private const string Last = ".last";

    private readonly string directory = $"{places.Leases}/{network.Id}";

    /// <summary>The records of those who hold an address.</summary>
    internal IEnumerable<string> Holders() => Files().Select(path => SmallFile.Read(path)).OfType<string>().Where(File.Exists).Distinct();

    /// <summary>The addresses whose holders are gone without giving them back.</summary>
    internal IEnumerable<string> Abandoned() => Files().Where(path => SmallFile.Read(path) is { } holder && !File.Exists(holder));

    /// <summary>Takes back what nobody holds any more.</summary>
    internal void Sweep()
    {
        foreach (string path in Abandoned().ToList())
            File.Delete(path);
    }

    /// <summary>Forgets everything: the network goes.</summary>
    internal void Clear() => TreeRemoval.Remove(directory);

    /// <summary>Takes an address in each block: the one that was asked for, or a free one.</summary>
    /// <param name="holder">The path of the record that says who has them.</param>
    /// <param name="asked">The addresses that were asked for.</param>
    /// <exception cref="ContainerException">One is taken or is none of the network's, or none is free.</exception>
    internal IReadOnlyList<IPAddress> Take(string holder, IReadOnlyList<IPAddress> asked)
    {
        if (asked.FirstOrDefault(wanted => !network.Subnets.Any(subnet => subnet.Block.Contains(wanted))) is { } other)
            throw new ContainerException($"{Setting.Ip}: {other} is no address of network '{network.Name}', which has {string.Join(", ", network.Subnets)}");
        PrivateDirectory.Make(directory);
        var taken = new List<IPAddress>();
        foreach (Subnet subnet in network.Subnets)
        {
            IPAddress address = asked.FirstOrDefault(wanted => subnet.Block.Contains(wanted)) is { } wish ? Wanted(subnet, wish, holder) : Free(subnet);
            File.WriteAllText(PathOf(address), holder);
            taken.Add(address);
        }
        return taken;
    }

    /// <summary>Gives addresses back.</summary>
    internal void Release(string holder, IEnumerable<IPAddress> addresses)
    {
        foreach (string path in addresses.Select(PathOf))
        {
            if (SmallFile.Read(path) == holder)
                File.Delete(path);
        }
        Sweep();
    }

    private IEnumerable<string> Files() => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory).Where(path => !Path.GetFileName(path).StartsWith(Last, StringComparison.Ordinal))
        : [];

    private IPAddress Wanted(Subnet subnet, IPAddress address, string holder)
    {
        if (!subnet.Offers(address))
            throw new ContainerException($"{Setting.Ip}: {address} is the host's own or the block's in network '{network.Name}' ({subnet}); choose another");
        return IsTaken(address) && SmallFile.Read(PathOf(address)) != holder
            ? throw new ContainerException($"{Setting.Ip}: requested ip address {address} is already allocated in network '{network.Name}'; choose another, or none")
            : address;
    }

    // Not the one that was free last: what still speaks to its former holder should not meet another.
    private IPAddress Free(Subnet subnet)
    {
        string last = $"{directory}/{Last}{(subnet.IsV6 ? "6" : "")}";
        IPAddress? before = SmallFile.Read(last) is { } text && IPAddress.TryParse(text, out IPAddress? known) ? known : null;
        IPAddress free = subnet.Next(before, IsTaken)
            ?? throw new ContainerException($"network '{network.Name}': every address of {subnet} is taken; remove containers, or make a larger network");
        File.WriteAllText(last, free.ToString());
        return free;
    }

    private bool IsTaken(IPAddress address) => SmallFile.Read(PathOf(address)) is { } holder && File.Exists(holder);

    private string PathOf(IPAddress address) => $"{directory}/{address}";
}
