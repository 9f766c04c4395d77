namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>A development environment with a companion: a server that its neighbours find by name, and nobody else at all.</summary>
public class CompanionSpecs
{
    private const string Server = """
        initdb -A trust -D /var/lib/postgresql/db >/tmp/initdb && echo 'host all all all trust' >>/var/lib/postgresql/db/pg_hba.conf
        exec postgres -D /var/lib/postgresql/db -c listen_addresses='*' -c unix_socket_directories=/tmp
        """;

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_database_is_reached_by_its_name_and_from_nowhere_else(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("app", "--subnet", "10.7.1.0/24");
        await host.Create("third", "--subnet", "10.7.3.0/24");
        string[] image = ["--runtime", runtime, "--rootfs", Repository.Postgresql, "--user", "postgres"];
        // It begins nothing itself.
        (await host.Call(["run", "--detach", .. image, "--name", "postgres", "--network", "app", "--ip", "10.7.1.9", "--egress", "deny", "--read-only", "--tmpfs", "/tmp",
            "--tmpfs", "/var/lib/postgresql:size=200m,uid=999,gid=999", "--", "sh", "-c", Server])).Succeeded();
        await Eventually.Holds("the database is ready", async () => (await host.Call("exec", "postgres", "pg_isready", "-h", "127.0.0.1")).Status == 0);

        Task<Outcome> Query(string network, string server, string query, params string[] flags) => host.Call(
            ["run", .. image, "--network", network, "--env", "PGCONNECT_TIMEOUT=3", .. flags, "--", "psql", "--no-psqlrc", "--tuples-only", "--no-align", "-h", server, "-c", query]);
        // Some megabytes over the network, there and back.
        const string Sum = "create table t as select i, repeat('x', 100) as text from generate_series(1, 50000) i; select sum(i), sum(length(text)) from t";
        Assert.Contains("1250025000|5000000", (await Query("app", "postgres", Sum, "--egress-allow", "postgres:5432")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal(5_050_000, (await Query("app", "postgres", "select text from t")).Succeeded().Text.Length);
        Assert.Equal("50000\n", (await Query("app", "10.7.1.9", "select count(*) from t", "--egress-allow", "10.7.1.9:5432/tcp")).Succeeded().Text);
        // Not by another port's rule, and not from another network.
        foreach ((string network, string server, string[] flags) in new[]
        {
            ("app", "postgres", new[] { "--egress-allow", "postgres:5433" }), ("app", "10.7.1.9", ["--egress", "deny"]), ("third", "postgres", []), ("third", "10.7.1.9", []),
        })
        {
            Outcome refused = await Query(network, server, "select 1", flags);
            Assert.Equal((network, server, 2), (network, server, refused.Status));
        }
        Assert.Equal("", await host.AskFromOutside(NetworkHost.Own, 5432));
    }
}
