using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Queries;

/// <summary>Whether values keep within the bounds of parameters, before anything runs.</summary>
public static class ParameterBounds
{
    private static readonly TimeSpan _matchTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A value for each parameter, out of what a caller gives: JSON scalars, numbers and days also as text. Refuses
    /// with <c>unknown-parameter</c>, <c>parameter-missing</c>, <c>bad-parameter</c> (not of the type) or
    /// <c>parameter-out-of-bounds</c>, and the path of the parameter.
    /// </summary>
    public static Decision<QueryCall> Bind(
        QuerySignature signature, IReadOnlyDictionary<string, JsonElement> given)
    {
        var names = signature.Parameters.Select(p => p.Name).ToList();
        if (given.Keys.FirstOrDefault(name => !names.Contains(name)) is not null)
            return new Refusal(
                "unknown-parameter",
                names.Count == 0 ? "This query has no parameters." : $"The parameters are {string.Join(", ", names)}.",
                "parameters");
        var arguments = new List<QueryArgument>();
        foreach (var parameter in signature.Parameters)
        {
            if (Bind(parameter, given).Refused(out var refusal, out var argument))
                return refusal;
            arguments.Add(argument);
        }
        return new QueryCall(arguments);
    }

    /// <summary>Null where a value in the one form of its type keeps within the bounds, else a sentence.</summary>
    internal static string? Objection(QueryParameter parameter, string value)
    {
        var (name, type) = (parameter.Name, parameter.Type);
        if (parameter.Values is { } values && !values.Contains(value))
            return $"{name} is one of {string.Join(", ", values)}.";
        if (parameter.Min is { } min && ParameterValue.Compare(value, min, type) < 0)
            return $"{name} is at least {min}.";
        if (parameter.Max is { } max && ParameterValue.Compare(value, max, type) > 0)
            return $"{name} is at most {max}.";
        if (parameter.LengthMax is { } length && value.EnumerateRunes().Count() > length)
            return $"{name} has at most {length} characters.";
        return parameter.Pattern is { } pattern && !Expression(pattern).IsMatch(value)
            ? $"{name} must match {pattern}."
            : null;
    }

    /// <summary>A pattern as what it means here: the whole text, in time that grows with its length alone.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It looks around or back.</exception>
    internal static Regex Expression(string pattern)
    {
        const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        _ = new Regex(pattern, Options, _matchTime); // Sound by itself: "a)|(?:b" would break out of the anchors.
        return new Regex($@"\A(?:{pattern})\z", Options, _matchTime);
    }

    private static Decision<QueryArgument> Bind(
        QueryParameter parameter, IReadOnlyDictionary<string, JsonElement> given)
    {
        var path = $"parameters.{parameter.Name}";
        if (!given.TryGetValue(parameter.Name, out var json))
            return parameter.Default is { } usual
                ? new QueryArgument(parameter.Name, parameter.Type, usual)
                : new Refusal("parameter-missing", $"Give a value for {parameter.Name}.", path);
        if (ParameterValue.Read(json, parameter.Type) is not { } value)
            return new Refusal("bad-parameter", $"{parameter.Name} is {Form(parameter.Type)}.", path);
        return Objection(parameter, value) is { } objection
            ? new Refusal("parameter-out-of-bounds", objection, path)
            : new QueryArgument(parameter.Name, parameter.Type, value);
    }

    private static string Form(ColumnType type) => type switch
    {
        ColumnType.Integer => "a whole number of 64 bits",
        ColumnType.Decimal => "a decimal of at most 18 digits before the point and 9 after it",
        ColumnType.Number => "a finite number",
        ColumnType.Date => "a day such as 2024-02-29",
        ColumnType.Timestamp => "a moment such as 2024-02-29T12:00:00Z",
        ColumnType.Boolean => "true or false",
        _ => "a text",
    };
}
