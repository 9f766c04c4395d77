using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Podspawn.Oci.Tests.Architecture;

/// <summary>System calls and raw descriptors stay in one room, as the compiled assembly shows.</summary>
public sealed class NativeCallSpecs
{
    private const string Room = "Podspawn.Oci.Native";
    private const string CLibrary = "Tmds.Linux.LibC";

    [Fact]
    public void Only_Native_calls_the_C_library()
    {
        using ModuleDefinition library = Library();
        Assert.Empty(Strays(library));
    }

    [Fact]
    public void Only_Native_takes_the_number_out_of_a_handle()
    {
        using ModuleDefinition library = Library();
        Assert.Empty(Calls(library).Where(call => call.Callee.Name == "DangerousGetHandle" && !IsNative(call.Caller)).Select(call => call.Caller.FullName));
    }

    [Fact]
    public void A_function_of_the_C_library_is_imported_once()
    {
        using ModuleDefinition library = Library();
        string[] imports = [.. Imports(library).Select(method => method.PInvokeInfo.EntryPoint)];
        Assert.NotEmpty(imports);
        // What the package has an import of is not to be imported besides, unless the package's is left alone.
        IEnumerable<string> packages = Calls(library).Where(call => call.Callee.DeclaringType.FullName == CLibrary).Select(call => call.Callee.Name).Distinct();
        Assert.Empty(imports.Concat(packages).GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    // A check that finds nothing is only worth something if it finds a planted fault.
    [Fact]
    public void A_stray_call_is_noticed()
    {
        using ModuleDefinition library = Library();
        MethodReference close = Calls(library).First(call => call.Callee.DeclaringType.FullName == CLibrary).Callee;
        TypeDefinition stray = library.Types.First(type => type.Namespace == "Podspawn.Oci.Terminals" && type.IsClass);
        var method = new MethodDefinition("Wrong", MethodAttributes.Static, library.TypeSystem.Void);
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Call, close));
        stray.Methods.Add(method);
        Assert.Equal($"{stray.FullName} calls {close.Name}", Assert.Single(Strays(library)));
    }

    private static ModuleDefinition Library() => ModuleDefinition.ReadModule(typeof(Podspawn.Oci.Errors.Problem).Assembly.Location);

    private static IEnumerable<string> Strays(ModuleDefinition library) =>
        Imports(library).Where(method => !IsNative(method.DeclaringType)).Select(method => $"{method.DeclaringType.FullName} imports {method.Name}")
            .Concat(Calls(library)
                .Where(call => call.Callee.DeclaringType.FullName == CLibrary && !IsNative(call.Caller))
                .Select(call => $"{call.Caller.FullName} calls {call.Callee.Name}"));

    private static IEnumerable<MethodDefinition> Imports(ModuleDefinition library) =>
        library.GetTypes().SelectMany(type => type.Methods).Where(method => method.IsPInvokeImpl);

    private static IEnumerable<(TypeDefinition Caller, MethodReference Callee)> Calls(ModuleDefinition library) =>
        from type in library.GetTypes()
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.Operand is MethodReference
        select (type, (MethodReference)instruction.Operand);

    private static bool IsNative(TypeDefinition type)
    {
        TypeDefinition outer = type;
        while (outer.DeclaringType is { } declaring)
            outer = declaring;
        return outer.Namespace == Room;
    }
}
