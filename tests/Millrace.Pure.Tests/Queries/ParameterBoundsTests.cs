using System.Text.Json;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Pure.Tests.Queries;

public sealed class ParameterBoundsTests
{
    private static readonly QuerySignature _all = new(
    [
        new("text", ColumnType.Text, LengthMax: 5, Pattern: "[a-zß中😀]+", Default: "abc"),
        new("pick", ColumnType.Text, Values: ["it's", "b"], Default: "b"),
        new("whole", ColumnType.Integer, Min: "-5", Max: "9223372036854775807", Default: "1"),
        new("money", ColumnType.Decimal, Min: "-2.5", Max: "10", Default: "1"),
        new("share", ColumnType.Number, Min: "0", Max: "1", Default: "0.5"),
        new("day", ColumnType.Date, Min: "2001-01-01", Max: "2030-12-31", Default: "2001-01-01"),
        new("at", ColumnType.Timestamp, Min: "2001-01-01T00:00:00", Max: "2030-12-31T00:00:00",
            Default: "2001-01-01T00:00:00"),
        new("flag", ColumnType.Boolean, Default: "false"),
        new("some", ColumnType.Integer, Values: ["1", "2"], Default: "1"),
    ]);

    [Theory]
    [InlineData("text", "\"abcde\"", "abcde")]
    [InlineData("text", "\"ß中😀😀😀\"", "ß中😀😀😀")]
    [InlineData("pick", "\"it's\"", "it's")]
    [InlineData("whole", "7", "7")]
    [InlineData("whole", "\"+7\"", "7")]
    [InlineData("whole", "\"-005\"", "-5")]
    [InlineData("whole", "9223372036854775807", "9223372036854775807")]
    [InlineData("money", "10.000", "10")]
    [InlineData("money", "\"-2.5\"", "-2.5")]
    [InlineData("share", "0.25", "0.25")]
    [InlineData("share", "1e-1", "0.1")]
    [InlineData("day", "\"2030-12-31\"", "2030-12-31")]
    [InlineData("at", "\"2024-02-29T12:00:00Z\"", "2024-02-29T12:00:00")]
    [InlineData("at", "\"2024-02-29T12:00:00.5+02:00\"", "2024-02-29T10:00:00.5")]
    [InlineData("at", "\"2024-02-29T12:00\"", "2024-02-29T12:00:00")]
    [InlineData("flag", "true", "true")]
    [InlineData("flag", "\"false\"", "false")]
    [InlineData("some", "\"2\"", "2")]
    public void A_value_is_taken_in_the_one_form_of_its_type(string name, string json, string value)
    {
        Assert.False(Bind(name, json).Refused(out var refusal, out var call), $"{refusal}");
        Assert.Equal(value, call!.Arguments.Single(a => a.Name == name).Value);
        Assert.Equal(_all.Parameters.Select(p => p.Name), call.Arguments.Select(a => a.Name));
    }

    [Theory]
    [InlineData("text", "\"abcdef\"", "parameter-out-of-bounds")]
    [InlineData("text", "\"ABC\"", "parameter-out-of-bounds")]
    [InlineData("text", "\"abc\\n\"", "parameter-out-of-bounds")]
    [InlineData("text", "\"\"", "parameter-out-of-bounds")]
    [InlineData("text", "\"a\\u0000\"", "bad-parameter")]
    [InlineData("text", "\"\\ud800\"", "bad-parameter")]
    [InlineData("text", "null", "bad-parameter")]
    [InlineData("text", "[\"abc\"]", "bad-parameter")]
    [InlineData("text", "{\"@value\":\"abc\"}", "bad-parameter")]
    [InlineData("pick", "\"its\"", "parameter-out-of-bounds")]
    [InlineData("whole", "-6", "parameter-out-of-bounds")]
    [InlineData("whole", "9223372036854775808", "bad-parameter")]
    [InlineData("whole", "1.0", "bad-parameter")]
    [InlineData("whole", "1e3", "bad-parameter")]
    [InlineData("whole", "\" 1\"", "bad-parameter")]
    [InlineData("whole", "\"٣\"", "bad-parameter")]
    [InlineData("whole", "\"0x10\"", "bad-parameter")]
    [InlineData("whole", "true", "bad-parameter")]
    [InlineData("money", "10.1", "parameter-out-of-bounds")]
    [InlineData("money", "0.0000000001", "bad-parameter")]
    [InlineData("money", "1234567890123456789", "bad-parameter")]
    [InlineData("money", "1e1", "bad-parameter")]
    [InlineData("share", "1.0000001", "parameter-out-of-bounds")]
    [InlineData("share", "\"NaN\"", "bad-parameter")]
    [InlineData("share", "\"Infinity\"", "bad-parameter")]
    [InlineData("share", "1e999", "bad-parameter")]
    [InlineData("day", "\"2031-01-01\"", "parameter-out-of-bounds")]
    [InlineData("day", "\"2000-12-31\"", "parameter-out-of-bounds")]
    [InlineData("day", "\"2023-02-29\"", "bad-parameter")]
    [InlineData("day", "\"01/02/2003\"", "bad-parameter")]
    [InlineData("day", "20030102", "bad-parameter")]
    [InlineData("at", "\"2030-12-31T00:00:00.000001\"", "parameter-out-of-bounds")]
    [InlineData("at", "\"2030-12-31T01:00:00Z\"", "parameter-out-of-bounds")]
    [InlineData("at", "\"now\"", "bad-parameter")]
    [InlineData("flag", "1", "bad-parameter")]
    [InlineData("flag", "\"TRUE\"", "bad-parameter")]
    [InlineData("some", "3", "parameter-out-of-bounds")]
    public void A_value_that_is_none_or_out_of_bounds_is_refused(string name, string json, string code)
    {
        Assert.True(Bind(name, json).Refused(out var refusal, out _));
        Assert.Equal((code, $"parameters.{name}"), (refusal!.Code, refusal.Rule));
    }

    [Fact]
    public void What_has_no_usual_value_must_be_given_and_nothing_else_may_be()
    {
        var needed = new QuerySignature([new("a", ColumnType.Boolean)]);
        Assert.True(ParameterBounds.Bind(needed, Given()).Refused(out var missing, out _));
        Assert.Equal(("parameter-missing", "parameters.a"), (missing!.Code, missing.Rule));
        Assert.True(ParameterBounds.Bind(needed, Given(("a", "true"), ("A", "true"))).Refused(out var more, out _));
        Assert.Equal("unknown-parameter", more!.Code);
        Assert.True(ParameterBounds.Bind(new([]), Given(("a", "true"))).Refused(out more, out _));
        Assert.Equal("unknown-parameter", more!.Code);
    }

    [Fact]
    public void A_refusal_does_not_repeat_what_was_given()
    {
        Assert.True(Bind("whole", "\"<script>\"").Refused(out var refusal, out _));
        Assert.DoesNotContain("script", refusal!.Reason, StringComparison.Ordinal);
        Assert.True(ParameterBounds.Bind(_all, Given(("<b>", "1"))).Refused(out refusal, out _));
        Assert.DoesNotContain("<b>", refusal!.Reason, StringComparison.Ordinal);
    }

    private static Millrace.Protocol.Decision<QueryCall> Bind(string name, string json) =>
        ParameterBounds.Bind(_all, Given((name, json)));

    private static Dictionary<string, JsonElement> Given(params (string Name, string Json)[] values) =>
        values.ToDictionary(v => v.Name, v => JsonElement.Parse(v.Json));
}
