using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Podspawn.Oci.Tests.Architecture;

/// <summary>The library does not ask which program uses it, and takes no signal from it: it is given the commands to call back, and the source of signals.</summary>
public sealed class CallerSpecs
{
    private static readonly string[] Refused =
    [
        "System.Environment::get_ProcessPath", "System.Environment::GetCommandLineArgs", "System.Environment::get_CommandLine", "System.Environment::get_CurrentDirectory",
        "System.IO.Directory::GetCurrentDirectory", "System.IO.Directory::SetCurrentDirectory", "System.Console::add_CancelKeyPress",
        "System.Runtime.InteropServices.PosixSignalRegistration::Create",
    ];

    [Fact]
    public void The_library_asks_nothing_of_the_process_that_it_runs_in()
    {
        using ModuleDefinition library = Library();
        Assert.Empty(Calls(library));
    }

    // A check that finds nothing is only worth something if it finds a planted fault.
    [Fact]
    public void A_call_is_noticed()
    {
        using ModuleDefinition library = Library();
        var method = new MethodDefinition("Wrong", MethodAttributes.Static, library.TypeSystem.Void);
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Call, library.ImportReference(typeof(Environment).GetMethod("get_ProcessPath"))));
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Pop));
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Ret));
        TypeDefinition user = library.Types.First(type => type.Namespace == "Podspawn.Oci.Matrix" && type.IsClass);
        user.Methods.Add(method);
        Assert.Equal($"{user.FullName}.Wrong calls System.Environment::get_ProcessPath", Assert.Single(Calls(library)));
    }

    private static ModuleDefinition Library() => ModuleDefinition.ReadModule(typeof(Podspawn.Oci.Errors.Problem).Assembly.Location);

    private static IEnumerable<string> Calls(ModuleDefinition library) =>
        from type in library.GetTypes()
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        let called = instruction.Operand is MethodReference reference ? $"{reference.DeclaringType.FullName}::{reference.Name}" : ""
        where Refused.Contains(called)
        select $"{type.FullName}.{method.Name} calls {called}";
}
