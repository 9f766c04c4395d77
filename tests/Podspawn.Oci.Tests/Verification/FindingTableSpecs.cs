using Podspawn.Oci.Configuration;
using Podspawn.Oci.Verification.Findings;

namespace Podspawn.Oci.Tests.Verification;

public sealed class FindingTableSpecs
{
    [Fact]
    public void An_attack_bears_the_name_of_the_finding_in_whose_row_it_is() =>
        Assert.All(FindingTable.Rows, row => Assert.All(row.Attacks, attack => Assert.Equal(row.Name, attack.Finding)));

    [Fact]
    public void Every_key_that_becomes_part_of_a_spec_has_a_finding()
    {
        string[] elsewhere = [Keys.Shell, Keys.Image, Keys.MaxLifetime];
        Assert.Equal(
            Keys.InOrder.ToArray().Except(elsewhere).Order(StringComparer.Ordinal),
            FindingTable.Rows.SelectMany(row => row.Keys).Distinct().Order(StringComparer.Ordinal));
    }
}
