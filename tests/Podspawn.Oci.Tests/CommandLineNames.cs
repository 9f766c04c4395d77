using System.Runtime.CompilerServices;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Tests;

/// <summary>The specs read messages as users of the command line do.</summary>
internal static class CommandLineNames
{
    [ModuleInitializer]
    internal static void Use() => CallerNames.Use(setting => $"--{setting}", operation => $"podspawn-oci {operation}");
}
