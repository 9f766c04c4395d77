namespace Podspawn.Oci.Cli.Templates;

/// <summary>What kinds of values are called in messages.</summary>
internal static class GoKind
{
    internal static string Of(GoValue value) => value switch
    {
        GoText => "a text",
        GoBool => "true or false",
        GoInt or GoFloat => "a number",
        GoList => "a list",
        GoMap => "a map",
        GoStruct group => $"the group {group.Name}",
        GoMethod => "a field that takes a name",
        GoNil => "nothing (nil)",
        _ => "no value",
    };
}
