using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Podspawn.Oci.Tests.Architecture;

/// <summary>A reference from one room to another, as it is in the compiled assembly.</summary>
/// <param name="From">The room that uses.</param>
/// <param name="To">The room that is used.</param>
/// <param name="Example">One pair of types, for the message.</param>
internal sealed record Arrow(string From, string To, string Example);

/// <summary>Reads which rooms of a compiled assembly use which: base types, signatures, fields, attributes and every instruction. A constant leaves no trace.</summary>
internal sealed class Arrows
{
    private const string Root = "Podspawn.Oci";
    private readonly Dictionary<(string From, string To), Arrow> found = [];
    private readonly ModuleDefinition module;

    private Arrows(ModuleDefinition module) => this.module = module;

    /// <summary>One arrow for each pair of rooms.</summary>
    internal static IReadOnlyCollection<Arrow> Of(ModuleDefinition module)
    {
        var arrows = new Arrows(module);
        foreach (TypeDefinition type in module.GetTypes())
            arrows.Type(type);
        return arrows.found.Values;
    }

    /// <summary>Every room that has a type.</summary>
    internal static IReadOnlySet<string> Rooms(ModuleDefinition module) =>
        module.Types.Select(RoomOf).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static string? RoomOf(TypeDefinition type)
    {
        TypeDefinition outer = type;
        while (outer.DeclaringType is { } declaring)
            outer = declaring;
        return outer.Namespace.StartsWith(Root + ".", StringComparison.Ordinal) ? outer.Namespace[(Root.Length + 1)..] : null;
    }

    private void Type(TypeDefinition type)
    {
        Attributes(type, type);
        Add(type, type.BaseType);
        foreach (InterfaceImplementation implemented in type.Interfaces)
            Add(type, implemented.InterfaceType);
        foreach (FieldDefinition field in type.Fields)
        {
            Attributes(type, field);
            Add(type, field.FieldType);
        }
        foreach (MethodDefinition method in type.Methods)
        {
            Attributes(type, method);
            Add(type, method);
            if (method.HasBody)
                Body(type, method.Body);
        }
    }

    private void Body(TypeDefinition type, MethodBody body)
    {
        foreach (VariableDefinition variable in body.Variables)
            Add(type, variable.VariableType);
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
            Add(type, handler.CatchType);
        foreach (Instruction instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference method:
                    Add(type, method);
                    break;
                case FieldReference field:
                    Add(type, field.DeclaringType);
                    Add(type, field.FieldType);
                    break;
                case TypeReference other:
                    Add(type, other);
                    break;
            }
        }
    }

    private void Attributes(TypeDefinition type, ICustomAttributeProvider at)
    {
        foreach (CustomAttribute attribute in at.CustomAttributes)
        {
            Add(type, attribute.AttributeType);
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments)
                Add(type, argument.Value as TypeReference);
        }
    }

    private void Add(TypeDefinition type, MethodReference method)
    {
        Add(type, method.DeclaringType);
        Add(type, method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
            Add(type, parameter.ParameterType);
        if (method is GenericInstanceMethod generic)
        {
            foreach (TypeReference argument in generic.GenericArguments)
                Add(type, argument);
        }
    }

    private void Add(TypeDefinition from, TypeReference? to)
    {
        if (to is GenericInstanceType generic)
        {
            foreach (TypeReference argument in generic.GenericArguments)
                Add(from, argument);
        }
        if (to is TypeSpecification specification)
            Add(from, specification.ElementType);
        else if (to is not (null or GenericParameter) && to.Scope == module && RoomOf(from) is { } fromRoom && RoomOf(to.Resolve()) is { } toRoom && fromRoom != toRoom)
            found.TryAdd((fromRoom, toRoom), new Arrow(fromRoom, toRoom, $"{from.FullName} uses {to.FullName}"));
    }
}
