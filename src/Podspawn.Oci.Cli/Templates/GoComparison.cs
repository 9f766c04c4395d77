namespace Podspawn.Oci.Cli.Templates;

/// <summary>Compares values as text/template does: texts with texts, numbers with numbers, and nothing else in order.</summary>
internal static class GoComparison
{
    /// <summary><c>eq</c>: whether the first is one of the others.</summary>
    /// <exception cref="TemplateFunctionException">They are of different kinds.</exception>
    internal static GoValue IsOneOf(IReadOnlyList<GoValue> args) => args.Count > 1
        ? new GoBool(args.Skip(1).Any(other => Same(args[0], other)))
        : throw new TemplateFunctionException("eq compares two values; write eq .Name \"value\"");

    /// <summary>Whether two are the same.</summary>
    /// <exception cref="TemplateFunctionException">They are of different kinds.</exception>
    internal static bool Same(GoValue one, GoValue other) => (one, other) switch
    {
        (GoText a, GoText b) => a.Value == b.Value,
        (GoBool a, GoBool b) => a.Value == b.Value,
        (GoInt a, GoInt b) => a.Value == b.Value,
        (GoFloat a, GoFloat b) => a.Value == b.Value,
        (GoNil or GoNothing, _) => other is GoNil or GoNothing,
        (_, GoNil or GoNothing) => false,
        _ => throw Incompatible(one, other),
    };

    /// <summary>Less than 0 where the first comes first, 0 where they are the same.</summary>
    /// <exception cref="TemplateFunctionException">They are of different kinds, or have no order.</exception>
    internal static int Order(string name, GoValue one, GoValue other) => (one, other) switch
    {
        (GoText a, GoText b) => string.CompareOrdinal(a.Value, b.Value),
        (GoInt a, GoInt b) => a.Value.CompareTo(b.Value),
        (GoFloat a, GoFloat b) => a.Value.CompareTo(b.Value),
        (GoText or GoInt or GoFloat, GoText or GoInt or GoFloat) => throw Incompatible(one, other),
        _ => throw new TemplateFunctionException($"{name} orders numbers or texts, and this is {GoKind.Of(one is GoText or GoInt or GoFloat ? other : one)}"),
    };

    private static TemplateFunctionException Incompatible(GoValue one, GoValue other) => (one, other) switch
    {
        (GoInt, GoFloat) or (GoFloat, GoInt) => new("a whole number is not compared with a fraction; write both with a point, or both without"),
        _ => new($"{GoKind.Of(one)} is not compared with {GoKind.Of(other)}; a text is written in double quotes, a number and true without"),
    };
}
