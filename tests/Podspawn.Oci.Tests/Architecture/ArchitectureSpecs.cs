using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Podspawn.Oci.Tests.Architecture;

/// <summary>The arrows between the library's folders run one way, as its compiled assembly shows.</summary>
public sealed class ArchitectureSpecs
{
    private const string Namespace = "Podspawn.Oci.";

    [Fact]
    public void Rooms_use_what_the_table_lets_them_use()
    {
        using ModuleDefinition library = Library();
        Assert.Empty(Wrong(library));
    }

    [Fact]
    public void The_table_lets_a_room_use_only_what_stands_above_it()
    {
        for (int i = 0; i < Room.All.Count; i++)
            Assert.Empty(UsesOf(Room.All[i]).Except(Room.All.Take(i).Select(room => room.Name)).Select(below => $"{Room.All[i].Name} may not use {below}"));
    }

    [Fact]
    public void The_table_has_every_room_and_no_arrow_that_is_not_there()
    {
        using ModuleDefinition library = Library();
        Assert.Equal(Arrows.Rooms(library).Order(StringComparer.Ordinal), Room.All.Select(room => room.Name).Order(StringComparer.Ordinal));
        ILookup<string, string> there = Arrows.Of(library).ToLookup(arrow => arrow.From, arrow => arrow.To);
        Assert.Empty(Room.All.SelectMany(room => UsesOf(room).Except(there[room.Name]).Select(gone => $"{room.Name} does not use {gone} any more")));
    }

    // A check that finds nothing is only worth something if it finds a planted fault.
    [Theory]
    [InlineData("Errors", "Matrix.Running")]
    [InlineData("Translation.Requests", "Translation")]
    [InlineData("State", "Lifecycle")]
    [InlineData("Verification", "Matrix")]
    public void A_wrong_arrow_is_noticed(string from, string to)
    {
        using ModuleDefinition library = Library();
        TypeDefinition user = library.Types.First(type => type.Namespace == Namespace + from && type is { IsClass: true, IsEnum: false });
        TypeDefinition used = library.Types.First(type => type.Namespace == Namespace + to && !type.HasGenericParameters);
        var method = new MethodDefinition("Wrong", MethodAttributes.Static, library.TypeSystem.Void);
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Ldtoken, used));
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Pop));
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Ret));
        user.Methods.Add(method);
        Assert.Equal($"{from} may not use {to}: {user.FullName} uses {used.FullName}", Assert.Single(Wrong(library)));
    }

    [Fact]
    public void A_type_lies_in_the_folder_of_its_namespace()
    {
        string root = Path.Combine(Repository.Root, "src", "Podspawn.Oci");
        IEnumerable<string> strays = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(Path.Combine(root, file)).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                is { } line && line != $"namespace {Namespace}{Path.GetDirectoryName(file)!.Replace('/', '.')};");
        Assert.Empty(strays);
    }

    private static ModuleDefinition Library() => ModuleDefinition.ReadModule(typeof(Podspawn.Oci.Errors.Problem).Assembly.Location);

    private static string[] UsesOf(Room room) => room.Uses.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Wrong(ModuleDefinition library)
    {
        Dictionary<string, string[]> allowed = Room.All.ToDictionary(room => room.Name, UsesOf, StringComparer.Ordinal);
        return Arrows.Of(library)
            .Where(arrow => !allowed.GetValueOrDefault(arrow.From, []).Contains(arrow.To))
            .Select(arrow => $"{arrow.From} may not use {arrow.To}: {arrow.Example}")
            .Order(StringComparer.Ordinal);
    }
}
