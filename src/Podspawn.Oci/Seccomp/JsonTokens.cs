using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Seccomp;

/// <summary>The tokens of a JSON text, each required to be of a kind, with errors that contain the position.</summary>
internal ref struct JsonTokens
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly string _fileName;
    private Utf8JsonReader _reader;

    internal JsonTokens(ReadOnlySpan<byte> utf8Json, string fileName)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        _text = utf8Json.StartsWith(byteOrderMark) ? utf8Json[3..] : utf8Json;
        _fileName = fileName;
        _reader = new Utf8JsonReader(_text, new JsonReaderOptions { MaxDepth = 16 });
    }

    /// <summary>The offset of the current token.</summary>
    internal readonly long Position => _reader.TokenStartIndex;

    internal readonly bool IsNull => _reader.TokenType == JsonTokenType.Null;

    internal void Next()
    {
        try
        {
            if (!_reader.Read())
                Fail("the file is empty", "write a seccomp profile in JSON");
        }
        catch (JsonException exception)
        {
            throw new SeccompProfileException(
                $"{_fileName}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: not JSON from here on; mend the syntax");
        }
    }

    /// <summary>Checks that nothing follows.</summary>
    internal void End()
    {
        try
        {
            if (_reader.Read())
                Fail("more follows the profile", "remove it");
        }
        catch (JsonException exception)
        {
            throw new SeccompProfileException(
                $"{_fileName}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: more follows the profile; remove it");
        }
    }

    internal readonly void BeginObject(string what) => Demand(JsonTokenType.StartObject, what, "an object");

    internal readonly bool BeginObjectOrNull(string what)
    {
        if (IsNull)
            return false;
        BeginObject(what);
        return true;
    }

    internal readonly void BeginArray(string what) => Demand(JsonTokenType.StartArray, what, "a list");

    internal readonly bool BeginArrayOrNull(string what)
    {
        if (IsNull)
            return false;
        BeginArray(what);
        return true;
    }

    /// <summary>Moves to the next element of the list; false at its end.</summary>
    internal bool NextElement()
    {
        Next();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Moves to the value of the object's next key, which must be known and not a duplicate; false at its end.</summary>
    internal bool NextKey(ref SeenKeys seen, out string key)
    {
        key = "";
        Next();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return false;
        key = String("a key");
        int index = Array.IndexOf(seen.Known, key);
        if (index < 0)
            FailUnknown("key", key, seen.Known);
        if (!seen.Add(index))
            Fail($"the key '{key}' stands twice", "keep one of them");
        Next();
        return true;
    }

    internal readonly string String(string what)
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            FailKind(what, "a string");
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException) // broken UTF-8 or half a surrogate pair
        {
            Fail($"{what} is not valid text", "write it in UTF-8");
            return "";
        }
    }

    internal readonly string? StringOrNull(string what) => IsNull ? null : String(what);

    /// <summary>A string that must be one of the known words.</summary>
    internal readonly string Word(string what, string[] known)
    {
        string word = String($"the {what}");
        if (Array.IndexOf(known, word) < 0)
            FailUnknown(what, word, known);
        return word;
    }

    internal readonly ulong Number(string what, ulong most)
    {
        if (_reader.TokenType != JsonTokenType.Number)
            FailKind(what, "a number");
        if (!_reader.TryGetUInt64(out ulong value) || value > most)
            Fail($"{what} must be a whole number from 0 to {most}", "change it");
        return value;
    }

    internal readonly ulong? NumberOrNull(string what, ulong most) => IsNull ? null : Number(what, most);

    private readonly void Demand(JsonTokenType kind, string what, string form)
    {
        if (_reader.TokenType != kind)
            FailKind(what, form);
    }

    [DoesNotReturn]
    private readonly void FailKind(string what, string form) => Fail($"{what} must be {form}", $"write {form}");

    [DoesNotReturn]
    internal readonly void FailUnknown(string what, string word, string[] known) => Fail(
        $"unknown {what} '{word}'",
        Suggestion.DidYouMean(word, known) ?? $"known are {string.Join(", ", known)}");

    [DoesNotReturn]
    internal readonly void Fail(string what, string hint) => FailAt(Position, what, hint);

    [DoesNotReturn]
    internal readonly void FailAt(long position, string what, string hint)
    {
        ReadOnlySpan<byte> before = _text[..(int)position];
        int line = before.Count((byte)'\n') + 1;
        int column = before.Length - before.LastIndexOf((byte)'\n');
        throw new SeccompProfileException($"{_fileName}:{line}:{column}: {what}; {hint}");
    }
}

/// <summary>The known keys of an object that were already read.</summary>
internal struct SeenKeys(string[] known)
{
    private uint _met;

    internal readonly string[] Known => known;

    internal bool Add(int index)
    {
        bool first = (_met & (1u << index)) == 0;
        _met |= 1u << index;
        return first;
    }
}
