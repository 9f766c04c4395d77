using System.Net;
using System.Security.Cryptography;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Networks;

/// <summary>
/// The networks of a data directory. One lock is held whenever one is made or removed, and while a container is connected; what a killed command has
/// left half done lies in a staging, and is removed by the next one.
/// </summary>
public sealed class NetworkStore(StateLayout layout)
{
    private static readonly IPNetwork[] Unusable =
        [.. new[] { "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/8", "fe80::/10", "ff00::/8" }.Select(text => IPNetwork.Parse(text))];

    private readonly NetworkPlaces places = NetworkPlaces.Of(layout);

    /// <summary>Every network, sorted by name.</summary>
    public IReadOnlyList<Network> All() => [.. Names().Select(name => NetworkFields.Read(places.Of(name))).OfType<Network>()];

    /// <summary>Whether there is a network of that name, or with an id that begins so.</summary>
    public bool Exists(string name) => Resolve(name) is not null;

    /// <summary>Finds a network by its name, or by the beginning of its id.</summary>
    /// <exception cref="ContainerException">There is none, or its record cannot be read.</exception>
    public Network Find(string name)
    {
        string found = Resolve(name) ?? throw new NoSuchNetworkException(name);
        return NetworkFields.Read(places.Of(found)) ?? throw NetworkErrors.Unreadable(places.Of(found));
    }

    /// <summary>The names of the containers that have a network, whether they run or not.</summary>
    public IReadOnlyList<string> Users(Network network)
    {
        var users = new List<string>();
        foreach (string directory in Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
        {
            if (RecordJson.ReadDefinition(layout.Of(Path.GetFileName(directory)).Definition) is { } definition
                && definition.Attachments.Any(attachment => attachment.Network == network.Name))
                users.Add(definition.Name);
        }
        // Those of another state directory that uses the same data are known by what they hold.
        users.AddRange(Leases(network).Holders().Where(holder => !holder.StartsWith($"{layout.Containers}/", StringComparison.Ordinal))
            .Select(holder => $"{Path.GetFileName(Path.GetDirectoryName(holder))} of another state directory"));
        return users;
    }

    /// <summary>Makes a network.</summary>
    /// <exception cref="ContainerException">The name or the addresses are taken, or are none.</exception>
    public Network Create(NetworkRequest request)
    {
        if (request.Name is not null)
            NetworkName.Check(request.Name);
        using FileLock held = Take();
        string name = request.Name ?? Enumerable.Range(1, int.MaxValue).Select(number => $"podman{number}").First(free => !Directory.Exists(places.Of(free).Directory));
        NetworkPaths paths = places.Of(name);
        if (Directory.Exists(paths.Directory))
            throw NetworkErrors.Exists(name);
        var network = new Network
        {
            Name = name,
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Created = DateTimeOffset.UtcNow,
            Labels = request.Labels,
            Subnets = Choose(request),
            IsInternal = request.IsInternal,
            HasNames = request.HasNames,
            ReachesHost = request.ReachesHost,
            Allow = request.Allow,
        };
        // A killed command may have left one.
        TreeRemoval.Remove(places.Staging);
        PrivateDirectory.Make(places.Staging);
        NetworkFields.Write(new NetworkPaths(name, places.Staging), network);
        Faults.Point("network.staged");
        Directory.Move(places.Staging, paths.Directory);
        Faults.Point("network.made");
        return network;
    }

    /// <summary>Removes a network that no container has.</summary>
    /// <exception cref="ContainerException">There is none of that name, or containers have it.</exception>
    public string Remove(string name)
    {
        string found = Resolve(name) ?? throw new NoSuchNetworkException(name);
        using FileLock held = Take();
        NetworkPaths paths = places.Of(found);
        if (!Directory.Exists(paths.Directory))
            throw new NoSuchNetworkException(name);
        if (NetworkFields.Read(paths) is { } network)
        {
            if (Users(network) is { Count: > 0 } users)
                throw NetworkErrors.InUse(found, users);
            HostBridge.Clear(places, network);
            Leases(network).Clear();
        }
        TreeRemoval.Remove(places.Staging);
        Directory.Move(paths.Directory, places.Staging);
        Faults.Point("network.moved");
        TreeRemoval.Remove(places.Staging);
        return found;
    }

    /// <summary>What no container has any more: bridges of the host, and addresses.</summary>
    internal IEnumerable<string> Unused() => [.. All().Where(IsUnused).Select(network => network.Bridge), .. All().SelectMany(network => Leases(network).Abandoned())];

    /// <summary>Networks and containers that run without what closes them off: somebody has removed or ended that.</summary>
    internal IEnumerable<string> Open()
    {
        Network[] used = [.. All().Where(network => HostBridge.Exists(network) && Leases(network).Holders().Any())];
        if (used.Length == 0)
            return [];
        IReadOnlySet<string> tables = Nft.Tables();
        return
        [
            .. used.Where(network => !HostRules.Stand(network, tables)).Select(network => network.Name),
            .. Fenced(used).Where(fenced => !EgressFence.Stands(fenced.Record, fenced.Paths, tables)).Select(fenced => fenced.Record.Name),
        ];
    }

    /// <summary>Removes what no container has any more, and puts rules back.</summary>
    internal void Recover()
    {
        if (!Unused().Concat(Open()).Any())
            return;
        using FileLock held = Take();
        IReadOnlySet<string> tables = Nft.Tables();
        foreach (Network network in All())
        {
            Leases(network).Sweep();
            if (IsUnused(network))
                HostBridge.Clear(places, network);
            else if (HostBridge.Exists(network) && !HostRules.Stand(network, tables))
                HostRules.Apply(network);
        }
        foreach ((ConnectionRecord record, ContainerPaths paths) in Fenced(All()).Where(fenced => !EgressFence.Stands(fenced.Record, fenced.Paths, tables)))
            WithoutMounts.Run(ContainerNetworks.MountsOf(paths, record), () => EgressFence.Raise(record, paths)).Write(paths.Network);
    }

    // Those of this state directory: whoever has another one collects there.
    private IEnumerable<(ConnectionRecord Record, ContainerPaths Paths)> Fenced(IEnumerable<Network> networks) => networks
        .SelectMany(network => Leases(network).Holders()).Distinct().Where(holder => holder.StartsWith($"{layout.Containers}/", StringComparison.Ordinal))
        .Select(holder => (Record: ConnectionRecord.Read(holder), Paths: layout.Of(Path.GetFileName(Path.GetDirectoryName(holder)!))))
        .Where(found => found.Record is not null && EgressFence.IsNeeded(found.Record)).Select(found => (found.Record!, found.Paths));

    private bool IsUnused(Network network) => HostBridge.Exists(network) && !Leases(network).Holders().Any();

    private AddressLeases Leases(Network network) => new(places, network);

    private List<Subnet> Choose(NetworkRequest request)
    {
        IReadOnlyList<IPNetwork> used = [.. All().SelectMany(network => network.Subnets).Select(subnet => subnet.Block), .. FreeSubnets.OfHost()];
        List<Subnet> chosen = [.. request.Subnets.Select((text, index) => Read(text, index < request.Gateways.Count ? request.Gateways[index] : null))];
        if (request.Gateways.Count > request.Subnets.Count)
            throw new ContainerException($"{Setting.Gateway}: there is no block of addresses for it; name one with {Setting.Subnet}");
        foreach (Subnet subnet in chosen)
        {
            if (used.FirstOrDefault(other => Subnet.Meet(subnet.Block, other)) is { PrefixLength: > 0 } taken)
                throw new ContainerException($"{Setting.Subnet}: {subnet} is already used on the host or by another config: it meets {taken}; choose another, or leave it away");
        }
        if (chosen.GroupBy(subnet => subnet.IsV6).Any(family => family.Count() > 1))
            throw new ContainerException($"{Setting.Subnet}: two blocks of the same kind; name one of IPv4 and one of IPv6 at most");
        if (chosen.Count == 0)
            chosen.Add(FreeSubnets.Version4(used));
        if (request.HasV6 && !chosen.Any(subnet => subnet.IsV6))
            chosen.Add(FreeSubnets.Version6());
        return chosen;
    }

    private static Subnet Read(string text, string? gateway)
    {
        const int LongestPrefix4 = 30, LongestPrefix6 = 126;
        if (AddressText.Parse(text.Split('/')[0]) is null || !IPNetwork.TryParse(text, out IPNetwork block))
        {
            throw new ContainerException(
                $"{Setting.Subnet}: {Printable.Quote(text)} is no block of addresses; write its first address and its length, such as 10.1.2.0/24");
        }
        Subnet subnet = Subnet.Of(block);
        if (block.PrefixLength is 0 || block.PrefixLength > (subnet.IsV6 ? LongestPrefix6 : LongestPrefix4))
            throw new ContainerException($"{Setting.Subnet}: {block} has no room for a container beside the host; choose a block of at least four addresses");
        if (Unusable.FirstOrDefault(other => Subnet.Meet(block, other)) is { PrefixLength: > 0 } special)
            throw new ContainerException($"{Setting.Subnet}: {block} meets {special}, which has a meaning of its own (RFC 6890); choose another, such as one below 10.0.0.0/8");
        if (gateway is null)
            return subnet;
        return AddressText.Parse(gateway) is { } address && subnet with { Gateway = IPAddress.None } is var free && free.Offers(address)
            ? subnet with { Gateway = address }
            : throw new ContainerException($"{Setting.Gateway}: {Printable.Quote(gateway)} is no address that somebody can have in {block}");
    }

    private string? Resolve(string name)
    {
        if (NetworkRules.IsName(name) && Directory.Exists(places.Of(name).Directory))
            return name;
        if (name.Length < 3 || !name.All(char.IsAsciiHexDigitLower))
            return null;
        return All().Where(network => network.Id.StartsWith(name, StringComparison.Ordinal)).ToArray() is [var only] ? only.Name : null;
    }

    private FileLock Take()
    {
        try
        {
            return places.Take();
        }
        catch (IOException e)
        {
            throw new ContainerException(e.Message);
        }
    }

    private IEnumerable<string> Names() => Directory.Exists(places.Directory)
        ? Directory.EnumerateDirectories(places.Directory).Select(path => Path.GetFileName(path)).Where(NetworkRules.IsName).Order(StringComparer.Ordinal)
        : [];
}
