namespace Podspawn.Oci.Tests.Architecture;

/// <summary>A folder of the library, and the ones that it may use.</summary>
/// <param name="Name">Its namespace below <c>Podspawn.Oci</c>, which is its path.</param>
/// <param name="Uses">The rooms that its types mention, separated by blanks; each is further up in the table.</param>
internal sealed record Room(string Name, string Uses)
{
    /// <summary>
    /// The library from the ground up. A room uses only rooms above it in this table, so there can be no circle of folders, a parent and its child
    /// included. A new arrow is a decision: it is written here, and in the diagram of <c>src/Podspawn.Oci/README.md</c> where it joins two rooms of
    /// its own.
    /// </summary>
    internal static IReadOnlyList<Room> All { get; } =
    [
        new("Errors", ""),
        new("Text", "Errors"),
        new("Native", "Errors"),
        new("Packing", "Native"),
        new("Spec", "Text"),
        new("Schemas", ""),
        new("Capabilities", "Text"),
        new("Seccomp", "Errors Text Spec Capabilities"),
        new("Configuration.Yaml", "Errors Text"),
        new("Configuration", "Errors Text Native Configuration.Yaml"),
        new("Host", "Capabilities Seccomp"),
        new("Host.Probing", "Native Capabilities Seccomp Host"),
        new("Translation.Requests", "Errors Text Capabilities Seccomp Configuration Host"),
        new("Translation.Tmpfs", "Text Spec Configuration Host Translation.Requests"),
        new("Translation", "Errors Text Spec Capabilities Seccomp Configuration Host Translation.Requests Translation.Tmpfs"),
        new("Terminals", "Errors Native"),
        new("Relaying", "Native Terminals"),
        new("Runtimes", "Errors Text Native Spec Capabilities Host Host.Probing Translation.Requests"),
        new("RootFilesystems", "Errors Text Native Spec Capabilities Translation.Requests Translation"),
        new("Images", "Errors Native"),
        new("Images.References", "Errors Text Native Images"),
        new("Images.Documents", "Text Native Translation Images"),
        new("Images.Tools", "Errors Text Native Images"),
        new("Images.Store", "Errors Text Native Images Images.References Images.Documents"),
        new("Images.Fetching", "Errors Text Native Images Images.References Images.Documents Images.Tools Images.Store"),
        new("Images.Building", "Errors Text Native Terminals Images Images.References Images.Documents Images.Tools Images.Store Images.Fetching"),
        new("Images.Exporting", "Errors Native Images Images.Tools"),
        new("Images.Loading", "Errors Text Native Images Images.References Images.Documents Images.Tools Images.Store Images.Fetching Images.Building"),
        new("Images.Saving", "Errors Text Native Images Images.References Images.Documents Images.Tools Images.Store Images.Fetching Images.Exporting"),
        new("State.Records", "Errors Native Translation.Requests RootFilesystems"),
        new("State", "Errors Text Native Translation Runtimes Images.Store State.Records"),
        new("Networks.Records", "Errors Text Native Translation.Requests Translation State.Records State"),
        new("Networks.Tools", "Text Native Networks.Records"),
        new("Networks.Egress", "Text Native Translation.Requests State.Records State Networks.Records Networks.Tools"),
        new("Networks", "Errors Text Native Translation.Requests Translation RootFilesystems State.Records State Networks.Records Networks.Tools Networks.Egress"),
        new("State.Cleanup", "Native Host Host.Probing Translation Runtimes State.Records State Networks"),
        new("State.Store", "Errors Native State State.Cleanup"),
        new("State.Events", "Native State.Records State State.Store"),
        new("Volumes", "Errors Text Native Translation.Requests RootFilesystems State.Records State State.Events"),
        new("Launching.Planning",
            "Errors Text Native Spec Capabilities Seccomp Configuration Host Host.Probing Translation.Requests Translation " +
            "Terminals Runtimes RootFilesystems Images Images.References Images.Documents Images.Store Images.Fetching " +
            "State.Records State Networks.Records Networks Volumes"),
        new("Launching.Invocation", "Errors Native Host Terminals Relaying Runtimes State.Records State"),
        new("Launching",
            "Errors Text Native Spec Host Translation.Requests Translation Runtimes RootFilesystems State.Records State Networks " +
            "State.Cleanup State.Store Volumes Launching.Planning Launching.Invocation"),
        new("Lifecycle",
            "Errors Text Native Spec Host Translation.Requests Translation Runtimes RootFilesystems Images.Documents " +
            "Images.Store State.Records State Networks.Records Networks State.Cleanup State.Store Volumes State.Events Launching.Planning Launching.Invocation " +
            "Launching"),
        new("Lifecycle.Attaching",
            "Errors Native Host Translation.Requests Terminals Runtimes State.Records State State.Store State.Events " +
            "Launching.Planning Launching.Invocation Lifecycle"),
        new("Lifecycle.Copying",
            "Errors Text Native Packing Spec Host Translation.Requests Runtimes RootFilesystems Images.Fetching Images.Building State.Records State State.Store Volumes " +
            "Lifecycle"),
        new("Lifecycle.Diff", "Errors Native Spec RootFilesystems State.Records State Lifecycle Lifecycle.Copying"),
        new("Lifecycle.Events", "Errors Text Native State.Records State State.Store State.Events Lifecycle"),
        new("Lifecycle.Executing",
            "Errors Native Host Translation.Requests Terminals Runtimes RootFilesystems State.Records State " +
            "State.Cleanup State.Store State.Events Launching.Planning Launching.Invocation Launching Lifecycle"),
        new("Lifecycle.Health", "Errors Text Native State.Records State State.Store State.Events Lifecycle Lifecycle.Executing"),
        new("Lifecycle.Logging", "Errors Text Native State.Records State Lifecycle"),
        new("Lifecycle.Pausing", "Errors Host Runtimes State.Records State State.Store State.Events Lifecycle"),
        new("Lifecycle.Committing",
            "Errors Native Packing Spec Translation.Requests RootFilesystems Images.References Images.Store Images.Fetching Images.Building Images.Exporting State.Records State " +
            "Lifecycle Lifecycle.Copying Lifecycle.Diff Lifecycle.Pausing"),
        new("Lifecycle.Processes", "Errors Text Native Host Host.Probing Runtimes State.Records Lifecycle"),
        new("Lifecycle.Stats", "Spec Host Host.Probing Runtimes State.Records State Lifecycle"),
        new("Lifecycle.Systemd", "Errors Native Spec State.Records State Lifecycle"),
        new("Lifecycle.Updating",
            "Errors Native Spec Capabilities Configuration Host Host.Probing Translation.Requests Translation Runtimes " +
            "State.Records State State.Store State.Events Lifecycle"),
        new("Lifecycle.Networks",
            "Errors Text Native Host Translation.Requests Runtimes State.Records State State.Store Networks.Records Networks State.Events Launching.Planning Lifecycle"),
        new("Lifecycle.Volumes", "Errors Text Native Images.Building Images.Exporting State.Records Volumes Lifecycle Lifecycle.Copying"),
        new("Verification.Reports", "Text"),
        new("Verification.Expectations",
            "Spec Capabilities Configuration Host Translation.Requests Translation.Tmpfs Translation Runtimes Launching.Planning"),
        new("Verification.Observation", "Native Host Host.Probing"),
        new("Verification.Checks",
            "Text Spec Capabilities Configuration Host Translation.Requests Translation Verification.Reports Verification.Expectations " +
            "Verification.Observation"),
        new("Verification.Attacks",
            "Spec Capabilities Verification.Reports Verification.Expectations Verification.Observation " +
            "Verification.Checks"),
        new("Verification.Findings",
            "Errors Text Capabilities Verification.Expectations Verification.Observation Verification.Checks Verification.Attacks"),
        new("Verification.Probing",
            "Errors Native Host Translation.Requests Translation Runtimes RootFilesystems State.Records State State.Cleanup " +
            "Networks.Records Networks.Tools Networks.Egress Networks State.Store Launching.Planning Launching Lifecycle Lifecycle.Executing Verification.Expectations " +
            "Verification.Observation Verification.Attacks Verification.Findings"),
        new("Verification",
            "Errors Native Spec Configuration Host Host.Probing Translation.Requests Translation Runtimes State.Records State " +
            "Networks.Records Networks.Egress Networks State.Store Launching.Planning Launching Lifecycle Verification.Reports Verification.Expectations " +
            "Verification.Observation Verification.Checks Verification.Attacks Verification.Findings Verification.Probing"),
        new("Matrix", "Errors Text Configuration Host"),
        new("Matrix.Files", "Errors Text Configuration.Yaml Configuration Host Translation Verification.Findings Matrix"),
        new("Matrix.Reports", "Errors Text Native Matrix"),
        new("Matrix.Html", "Matrix"),
        new("Matrix.Running",
            "Errors Text Native Spec Seccomp Configuration Host Host.Probing Translation.Requests Translation Runtimes " +
            "RootFilesystems State State.Store Launching.Planning Verification.Reports Matrix"),
        new("Diagnosis.Faults", "Native Host"),
        new("Diagnosis", "Errors Native Capabilities Configuration Host Host.Probing Translation.Requests Translation Runtimes State Networks.Tools State.Cleanup Launching.Planning Diagnosis.Faults"),
    ];
}
