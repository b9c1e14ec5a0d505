using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Millrace.Log;

namespace Millrace.Tests.Log;

public class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0"), InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324"), InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992"), InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000"), InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23"), InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000"), InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21"), InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001"), InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325"), InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334"), InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333"), InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void A_number_is_written_as_ECMAScript_writes_it(ulong bits, string expected)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);
        Assert.Equal(expected, Text(CanonicalJson.Serialize(JsonValue.Create(value))));
        Assert.Equal(expected, Text(CanonicalJson.Serialize(JsonSerializer.SerializeToElement(value))));
    }

    [Fact]
    public void A_number_reads_back_as_the_same_double() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
            Assert.Equal(value, double.Parse(Text(CanonicalJson.Serialize(JsonValue.Create(value))), null)));

    [Theory]
    // RFC 8785 §3.2.2.
    [InlineData(
        """
        {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
         "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}
        """,
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}")]
    // RFC 8785 §3.2.3: the emoji sorts by its first surrogate, before the Hebrew letter.
    [InlineData(
        """
        {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
         "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
        """,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
        + "\"ö\":\"Latin Small Letter O With Diaeresis\","
        + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    [InlineData("""{"b":{"y":[],"x":{}},"a":[[1],[]],"":0}""", """{"":0,"a":[[1],[]],"b":{"x":{},"y":[]}}""")]
    [InlineData("""["\u0000\b\t\f\u001f\u007f\u2028<>&+"]""", "[\"\\u0000\\b\\t\\f\\u001f\u007f\u2028<>&+\"]")]
    [InlineData(" null ", "null")]
    public void A_value_has_one_form(string json, string expected)
    {
        Assert.Equal(expected, Text(CanonicalJson.Serialize(Element(json))));
        Assert.Equal(expected, Text(CanonicalJson.Serialize(JsonNode.Parse(json))));
        Assert.Equal(expected, Text(CanonicalJson.Serialize(Element(expected))));
    }

    [Fact]
    public void A_node_that_was_built_has_the_form_of_one_that_was_read()
    {
        var built = new JsonObject
        {
            ["long"] = 12345678901L, ["int"] = 7, ["decimal"] = 1.50m, ["yes"] = true, ["no"] = null, ["text"] = "a+b",
            ["time"] = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)),
        };
        var expected = """{"decimal":1.5,"int":7,"long":12345678901,"no":null,"text":"a+b","""
            + "\"time\":\"2026-05-04T03:02:01+02:00\",\"yes\":true}";
        Assert.Equal(expected, Text(CanonicalJson.Serialize(built)));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}"""), InlineData("""[{"b":{"a":1,"\u0061":2}}]""")]
    [InlineData("1e400"), InlineData("[-1e999]")]
    [InlineData("""["\ud800"]"""), InlineData("""["\udc00\ud800"]"""), InlineData("""{"\ud800":1}""")]
    public void A_value_without_one_form_is_refused(string json)
    {
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(Element(json)));
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(JsonNode.Parse(json)));
    }

    [Fact]
    public void A_number_that_is_not_finite_is_refused()
    {
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(JsonValue.Create(double.NaN)));
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(JsonValue.Create(float.PositiveInfinity)));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_built_node_is_refused()
    {
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(JsonValue.Create("\ud800")));
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(new JsonObject { ["\udc00"] = 1 }));
    }

    [Fact]
    public void A_value_that_is_nested_too_deep_is_refused()
    {
        var deepest = Nested(CanonicalJson.DepthMax);
        Assert.Equal(deepest.ToJsonString(), Text(CanonicalJson.Serialize(deepest)));
        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(Nested(CanonicalJson.DepthMax + 1)));
    }

    private static JsonArray Nested(int depth)
    {
        var value = new JsonArray();
        for (var i = 1; i < depth; i++)
            value = [value];
        return value;
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
