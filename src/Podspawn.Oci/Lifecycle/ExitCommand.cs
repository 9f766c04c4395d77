namespace Podspawn.Oci.Lifecycle;

/// <summary>The command that a container's monitor calls when the container has ended; it passes the container to <see cref="ExitHandler"/>.</summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Arguments">Its arguments; the container's id follows them.</param>
public sealed record ExitCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The program's arguments by which a timer has the container's health checked; the container's id follows them. Empty for no timer.</summary>
    public IReadOnlyList<string> HealthArguments { get; init; } = [];
}
