using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Seccomp;

/// <content>The rules: the elements of <c>syscalls</c>.</content>
internal ref partial struct ProfileReader
{
    private static readonly string[] RuleKeys = ["name", "names", "action", "errnoRet", "errno", "args", "comment", "includes", "excludes"];
    private static readonly string[] ArgumentKeys = ["index", "value", "valueTwo", "op"];
    private static readonly string[] FilterKeys = ["caps", "arches", "minKernel"];

    private List<ProfileRule> ReadRules()
    {
        var rules = new List<ProfileRule>();
        _json.BeginArray("a list of rules");
        while (_json.NextElement())
            rules.Add(ReadRule());
        return rules;
    }

    private ProfileRule ReadRule()
    {
        long start = _json.Position;
        int unknown = _unknown.Count;
        string? name = null, action = null, errnoName = null;
        IReadOnlyList<string>? names = null;
        IReadOnlyList<SeccompArgument>? arguments = null;
        uint? errno = null;
        ProfileFilter includes = ProfileFilter.None, excludes = ProfileFilter.None;

        _json.BeginObject("a rule");
        var seen = new SeenKeys(RuleKeys);
        while (_json.NextKey(ref seen, out string key))
        {
            switch (key)
            {
                case "name":
                    name = ReadCall();
                    break;
                case "names":
                    names = ReadCalls();
                    break;
                case "action":
                    action = ReadAction();
                    break;
                case "errnoRet":
                    errno = ReadErrno();
                    break;
                case "errno":
                    errnoName = ReadErrnoName();
                    break;
                case "args":
                    arguments = ReadArguments();
                    break;
                case "includes":
                    includes = ReadFilter();
                    break;
                case "excludes":
                    excludes = ReadFilter();
                    break;
                default:
                    _json.StringOrNull("a comment");
                    break;
            }
        }

        if (name is not null && names is { Count: > 0 })
            _json.FailAt(start, "the rule has both name and names", "keep names");
        if (name is not null)
            names = [name];
        if (names is not { Count: > 0 })
            _json.FailAt(start, "the rule names no system call", "add names, or remove the rule");
        if (action is null)
            _json.FailAt(start, "the rule has no action", "add one such as SCMP_ACT_ALLOW");
        errno = Errno(start, action!, errno, errnoName);
        for (; unknown < _unknown.Count; unknown++)
            _unknown[unknown] = _unknown[unknown] with { Refused = !ProfileVocabulary.LetsPass(action!) };
        return new ProfileRule(new SeccompRule(names!, action!, errno, arguments), includes, excludes);
    }

    private List<SeccompArgument>? ReadArguments()
    {
        var arguments = new List<SeccompArgument>();
        if (!_json.BeginArrayOrNull("a list of conditions"))
            return null;
        uint indexes = 0;
        while (_json.NextElement())
        {
            long start = _json.Position;
            SeccompArgument argument = ReadArgument();

            // runc and crun treat two conditions on one argument as alternatives: https://github.com/opencontainers/runc/issues/2735
            if ((indexes & (1u << (int)argument.Index)) != 0)
            {
                _json.FailAt(
                    start, $"a second condition on argument {argument.Index}, which runtimes take as either-or", "write one rule for each");
            }

            indexes |= 1u << (int)argument.Index;
            arguments.Add(argument);
        }

        return arguments.Count > 0 ? arguments : null;
    }

    private SeccompArgument ReadArgument()
    {
        long start = _json.Position;
        ulong? index = null, value = null, valueTwo = null;
        string? op = null;
        _json.BeginObject("a condition");
        var seen = new SeenKeys(ArgumentKeys);
        while (_json.NextKey(ref seen, out string key))
        {
            switch (key)
            {
                case "index":
                    index = _json.Number("an argument's index", 5);
                    break;
                case "value":
                    value = _json.Number("a value", ulong.MaxValue);
                    break;
                case "valueTwo":
                    valueTwo = _json.Number("a value", ulong.MaxValue);
                    break;
                default:
                    op = _json.Word("operator", ProfileVocabulary.Operators);
                    break;
            }
        }

        if (index is null || value is null || op is null)
            _json.FailAt(start, "a condition needs index, value and op", "add what is missing");
        bool masked = op == "SCMP_CMP_MASKED_EQ";
        if (masked && (valueTwo.GetValueOrDefault() & ~value!.Value) != 0)
        {
            _json.FailAt(
                start, "valueTwo has bits outside the mask in value, so that the condition never holds", "widen value or narrow valueTwo");
        }

        return new SeccompArgument((uint)index!.Value, value!.Value, masked ? valueTwo.GetValueOrDefault() : null, op!);
    }

    private ProfileFilter ReadFilter()
    {
        if (!_json.BeginObjectOrNull("a filter"))
            return ProfileFilter.None;
        ProfileFilter filter = ProfileFilter.None;
        var seen = new SeenKeys(FilterKeys);
        while (_json.NextKey(ref seen, out string key))
        {
            filter = key switch
            {
                "caps" => filter with { Capabilities = ReadCapabilities() },
                "arches" => filter with { Architectures = ReadWords("architecture", SeccompArchitectures.FilterNames) },
                _ => filter with { MinKernel = ReadKernel() },
            };
        }

        return filter;
    }

    private CapabilitySet ReadCapabilities()
    {
        CapabilitySet set = CapabilitySet.Empty;
        if (!_json.BeginArrayOrNull("a list of capabilities"))
            return set;
        while (_json.NextElement())
        {
            string name = _json.String("a capability");

            // Docker compares these names exactly, so that a rule for SYS_ADMIN would never apply there.
            if (!CapabilityNames.TryParse(name, out Capability capability) || CapabilityNames.SpecName(capability) != name)
            {
                string? closest = CapabilityNames.Closest(name);
                _json.Fail(
                    $"unknown capability '{name}'",
                    closest is null or CapabilityNames.All ? "write it as CAP_SYS_ADMIN" : Suggestion.DidYouMean($"CAP_{closest}")!);
            }

            set |= CapabilitySet.Of(capability);
        }

        return set;
    }

    private Version? ReadKernel()
    {
        if (_json.StringOrNull("a kernel version") is not { } text)
            return null;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0
            && ushort.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out ushort major)
            && ushort.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort minor))
        {
            return new Version(major, minor);
        }

        _json.Fail($"'{text}' is no kernel version", "write it as 4.8");
        return null;
    }

    private List<string> ReadCalls()
    {
        var calls = new List<string>();
        if (!_json.BeginArrayOrNull("a list of system calls"))
            return calls;
        while (_json.NextElement())
            calls.Add(ReadCall());
        return calls;
    }

    // No list of names is complete: only a text that cannot be a name is an error here.
    private readonly string ReadCall()
    {
        string name = _json.String("a system call's name");
        if (!ProfileVocabulary.CanBeSystemCall(name))
            _json.Fail($"'{name}' cannot be the name of a system call", "write it as in syscalls(2)");
        if (!ProfileVocabulary.SystemCalls.Contains(name))
            _unknown.Add(new UnknownCall(name, _json.Position, Refused: false));
        return name;
    }
}
