using Podspawn.Oci.Text;

namespace Podspawn.Oci.Seccomp;

/// <summary>Reads a profile token by token, so that every error has its line and column.</summary>
internal ref partial struct ProfileReader
{
    private const uint LastErrno = 4095; // seccomp(2): SECCOMP_RET_DATA is capped at MAX_ERRNO

    private static readonly string[] ProfileKeys =
    [
        "defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap", "flags", "listenerPath", "listenerMetadata",
        "syscalls",
    ];

    private static readonly string[] FamilyKeys = ["architecture", "subArchitectures"];

    private JsonTokens _json;
    private readonly List<string> _warnings = [];
    private readonly List<UnknownCall> _unknown = [];

    internal ProfileReader(ReadOnlySpan<byte> utf8Json, string fileName) => _json = new JsonTokens(utf8Json, fileName);

    internal readonly IReadOnlyList<string> Warnings => _warnings;

    internal ProfileModel Read()
    {
        var model = new ProfileModel();
        string? errnoName = null;
        _json.Next();
        long start = _json.Position;
        _json.BeginObject("a seccomp profile");
        var seen = new SeenKeys(ProfileKeys);
        while (_json.NextKey(ref seen, out string key))
        {
            switch (key)
            {
                case "defaultAction":
                    model = model with { DefaultAction = ReadAction() };
                    break;
                case "defaultErrnoRet":
                    model = model with { DefaultErrnoRet = ReadErrno() };
                    break;
                case "defaultErrno":
                    errnoName = ReadErrnoName();
                    break;
                case "architectures":
                    model = model with { Architectures = ReadWords("architecture", SeccompArchitectures.Names) };
                    break;
                case "archMap":
                    model = model with { ArchMap = ReadArchMap() };
                    break;
                case "flags":
                    model = model with { Flags = ReadFlags() };
                    break;
                case "syscalls":
                    model = model with { Rules = ReadRules() };
                    break;
                default:
                    _json.Fail($"'{key}' needs a program that listens, which podspawn-oci does not run", "remove it");
                    break;
            }
        }

        _json.End();
        if (model.DefaultAction.Length == 0)
            _json.FailAt(start, "the profile has no defaultAction", "add \"defaultAction\": \"SCMP_ACT_ERRNO\"");
        if (model.Architectures.Count > 0 && model.ArchMap.Count > 0)
            _json.FailAt(start, "the profile has both architectures and archMap", "keep one of them");
        model = model with { DefaultErrnoRet = Errno(start, model.DefaultAction, model.DefaultErrnoRet, errnoName) };
        if (ProfileVocabulary.LetsPass(model.DefaultAction))
            _warnings.Add($"the default action {model.DefaultAction} lets every call pass that no rule names, those of future kernels too");
        JudgeUnknownCalls(ProfileVocabulary.LetsPass(model.DefaultAction));
        return model;
    }

    // Runtimes ignore names that they do not know. Where the default refuses, the call stays refused; where it allows, a typo in a refusing rule opens a hole.
    private readonly void JudgeUnknownCalls(bool letsPass)
    {
        const int MostNamed = 8;
        if (letsPass && _unknown.FindIndex(call => call.Refused) is >= 0 and int hole)
        {
            _json.FailAt(
                _unknown[hole].Position, $"no system call '{_unknown[hole].Name}' is known, so that the rule would refuse nothing while the default lets every other call pass",
                DidYouMean(_unknown[hole].Name) ?? "write it as in syscalls(2), or refuse by default and name what is allowed");
        }

        if (_unknown.Count == 0)
            return;
        IEnumerable<string> named = _unknown.Take(MostNamed).Select(call => DidYouMean(call.Name) is { } hint ? $"'{call.Name}' ({hint})" : $"'{call.Name}'");
        string more = _unknown.Count > MostNamed ? $" and {_unknown.Count - MostNamed} more" : "";
        _warnings.Add($"no system call is known by the name of {string.Join(", ", named)}{more}: what the rules say of it has no effect");
    }

    private static string? DidYouMean(string name) =>
        Suggestion.DidYouMean(name, ProfileVocabulary.SystemCalls);

    private List<ArchitectureFamily> ReadArchMap()
    {
        var families = new List<ArchitectureFamily>();
        if (!_json.BeginArrayOrNull("a list of architectures"))
            return families;
        while (_json.NextElement())
        {
            long start = _json.Position;
            string? architecture = null;
            IReadOnlyList<string> sub = [];
            _json.BeginObject("an architecture");
            var seen = new SeenKeys(FamilyKeys);
            while (_json.NextKey(ref seen, out string key))
            {
                if (key == "architecture")
                    architecture = _json.Word("architecture", SeccompArchitectures.Names);
                else
                    sub = ReadWords("architecture", SeccompArchitectures.Names);
            }

            if (architecture is null)
                _json.FailAt(start, "an element of archMap has no architecture", "add one such as SCMP_ARCH_X86_64");
            families.Add(new ArchitectureFamily(architecture!, sub));
        }

        return families;
    }

    // No list and an empty list differ: without one, runtimes set flags of their own choice.
    private List<string>? ReadFlags()
    {
        if (_json.IsNull)
            return null;
        List<string> flags = ReadWords("flag", ProfileVocabulary.Flags);
        if (flags.Contains("SECCOMP_FILTER_FLAG_SPEC_ALLOW"))
            _warnings.Add("the flag SECCOMP_FILTER_FLAG_SPEC_ALLOW turns a mitigation of speculative execution off");
        return flags;
    }

    private List<string> ReadWords(string what, string[] known)
    {
        var words = new List<string>();
        if (!_json.BeginArrayOrNull($"a list of {what}s"))
            return words;
        while (_json.NextElement())
            words.Add(_json.Word(what, known));
        return words;
    }

    private string ReadAction()
    {
        string action = _json.String("an action");
        if (action is "SCMP_ACT_NOTIFY" or "SCMP_ACT_TRACE")
            _json.Fail($"{action} needs a program that answers, which podspawn-oci does not run", "use SCMP_ACT_ERRNO");
        if (Array.IndexOf(ProfileVocabulary.Actions, action) < 0)
            _json.FailUnknown("action", action, ProfileVocabulary.Actions);
        return action;
    }

    private uint? ReadErrno() => (uint?)_json.NumberOrNull("an errno", LastErrno);

    private string? ReadErrnoName()
    {
        string? name = _json.StringOrNull("the name of an errno");
        if (!string.IsNullOrEmpty(name) && ProfileVocabulary.Errno(name) is null)
            _json.Fail($"unknown errno '{name}'", "give its number with errnoRet");
        return string.IsNullOrEmpty(name) ? null : name;
    }

    // containers-common writes the name beside the number. Where no errno is given, runtimes return EPERM.
    private readonly uint? Errno(long start, string action, uint? number, string? name)
    {
        uint? named = name is null ? null : ProfileVocabulary.Errno(name);
        if (named is not null && number is not null && named != number)
            _json.FailAt(start, $"the errno is {name} by name and {number} by number", "keep one of them");
        uint? errno = number ?? named;
        if (errno is not null && action != "SCMP_ACT_ERRNO")
            _json.FailAt(start, $"{action} has no errno", "remove it, or use SCMP_ACT_ERRNO");
        return errno;
    }
}

/// <summary>A name in a rule that is not a known system call.</summary>
/// <param name="Name">The name.</param>
/// <param name="Position">Its offset.</param>
/// <param name="Refused">Whether the rule refuses it.</param>
internal readonly record struct UnknownCall(string Name, long Position, bool Refused);
