using System.Reflection;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.RuntimeTests.CommandLine;

/// <summary>Everything that a message of the library advises can be typed.</summary>
public sealed class AdviceSpecs
{
    private static readonly string[] Verbs = ["run", "exec", "verify", "matrix", "gc", "rm", "ps", "pull", "import", "save", "cp", "generate systemd", "network create"];

    [Fact]
    public async Task Every_setting_that_a_message_names_is_a_flag()
    {
        List<string> words = [];
        foreach (string verb in Verbs)
            words.AddRange((await PodspawnOci.Call([.. verb.Split(' '), "--help"])).Text.Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(All<Setting>().Select(setting => $"--{setting.Name}").Except(words));
    }

    [Fact]
    public async Task Every_operation_that_a_message_names_is_a_verb()
    {
        foreach (Operation operation in All<Operation>())
            Assert.Equal(0, (await PodspawnOci.Call([.. operation.Name.Split(' '), "--help"])).Status);
    }

    private static IEnumerable<T> All<T>() =>
        typeof(T).GetProperties(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Select(property => property.GetValue(null)).OfType<T>();
}
