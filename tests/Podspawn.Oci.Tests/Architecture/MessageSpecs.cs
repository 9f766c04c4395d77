using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Tests.Architecture;

/// <summary>The library does not know the command line: its messages use the caller's names for what they advise.</summary>
public sealed partial class MessageSpecs
{
    // Texts for other programs, or about them: not advice of ours.
    private static readonly string[] OfOtherPrograms =
    [
        "--version", "--sparse", "--format=pax", "--multi-volume", "--platform=ptrace", "exec --user 1 starts as root", "exec --cap gives inheritable capabilities",
    ];

    [Fact]
    public void No_text_for_people_names_a_flag_or_a_verb_of_the_command_line()
    {
        using ModuleDefinition library = ModuleDefinition.ReadModule(typeof(Problem).Assembly.Location);
        Assert.Empty(Texts(library).Where(text => NamesTheCommandLine(text.Literal)).Select(text => $"{text.Type}: {text.Literal}"));
    }

    [Theory]
    [InlineData("install it, or name another with --runtime", true)]
    [InlineData("--volume: '", true)]
    [InlineData("' is not running; start it first: podspawn-oci start ", true)]
    [InlineData("is removed at its end (--rm), so", true)]
    [InlineData("run podspawn-oci as root", false)]
    [InlineData("it does not answer --version as one", false)]
    [InlineData("--history.comment=Imported from ", false)]
    [InlineData("a -- b", false)]
    [InlineData("--detach", false)]
    public void A_flag_in_a_text_is_noticed(string text, bool noticed) => Assert.Equal(noticed, NamesTheCommandLine(text));

    // A text without a blank is an argument of a program, not a message.
    private static bool NamesTheCommandLine(string literal) =>
        literal.Contains(' ', StringComparison.Ordinal) && OfTheCommandLine()
            .IsMatch(OfOtherPrograms.Aggregate(literal, (text, other) => text.Replace(other, "", StringComparison.Ordinal)));

    private static IEnumerable<(string Type, string Literal)> Texts(ModuleDefinition library) =>
        from type in library.GetTypes()
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.OpCode == OpCodes.Ldstr
        select (type.FullName, (string)instruction.Operand);

    [GeneratedRegex(@"(?:^|[\s(\[',;:])--[a-z][a-z-]*(?=[\s:;,)'=\]]|\.?(?:\s|$))|podspawn-oci (?!as |with |there|itself|did |does |lies)[a-z]+")]
    private static partial Regex OfTheCommandLine();
}
