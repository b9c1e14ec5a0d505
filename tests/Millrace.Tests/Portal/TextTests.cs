using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Portal;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Portal;

public sealed partial class TextTests
{
    /// <summary>Texts that a Chinese reader gets in other letters on purpose.</summary>
    private static readonly string[] _notInChinese =
    [
        nameof(Texts.OtherLanguage), nameof(Texts.OfHundred),
    ];

    private static readonly IReadOnlyList<KeyValuePair<string, Text>> _all =
    [
        .. typeof(Texts).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => KeyValuePair.Create(f.Name, (Text)f.GetValue(null)!)),
        .. CodeTexts.All.Select(t => KeyValuePair.Create(t.En, t)),
        .. StandardTexts.All.Select(t => KeyValuePair.Create(t.En, t)),
        .. StepTexts.All.Select(t => KeyValuePair.Create(t.En, t)),
        .. RefusalTexts.All,
        .. EvidenceTexts.All,
    ];

    [Fact]
    public void No_text_lacks_a_translation() =>
        Assert.Empty(_all.Where(t => !IsTranslated(t.Key, t.Value)).Select(t => t.Key));

    [Fact]
    public void Each_indicator_of_the_standard_and_what_it_needs_is_said_in_Chinese()
    {
        var report = Quality.Score(new TableProfile(0, 0, []), new TableSchema([]), default, null);
        Assert.All(report.Indicators!, i =>
        {
            Assert.NotEqual(i.Code, StandardTexts.Indicator(i.Code).Zh);
            Assert.NotEqual(i.Needed, StandardTexts.Need(i.Needed!).Zh);
            Assert.NotEqual(i.Code[..2], StandardTexts.Dimension(i.Code).Zh);
        });
    }

    /// <summary>It comes of policies, and of the pages that ask for a column.</summary>
    [Fact]
    public void A_column_that_is_not_there_is_no_matter_of_policies_only() =>
        Assert.Equal(
            "产品中没有此列，请改用已有的列。（It has no column nope.）",
            RefusalTexts.Sentence("unknown-column", "It has no column nope.", Language.Chinese));

    [Fact]
    public void A_text_without_translation_would_be_found()
    {
        Assert.False(IsTranslated("x", new Text("Sign in", "Sign in")));
        Assert.False(IsTranslated("x", new Text("Sign in", "")));
    }

    [Fact]
    public void Both_languages_have_the_same_places_for_values()
    {
        Assert.Empty(_all.Where(t => !Places(t.Value.En).SequenceEqual(Places(t.Value.Zh))).Select(t => t.Key));

        static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Order();
    }

    [Fact]
    public void Every_type_of_entry_has_a_sentence()
    {
        var types = typeof(EntryType).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.NotEmpty(types);
        Assert.Empty(types.Except(EvidenceTexts.All.Keys));
    }

    [Theory]
    [InlineData("true", Language.English, "all held: yes.")]
    [InlineData("false", Language.Chinese, "全部守住：否。")]
    public void What_is_true_or_not_is_said_as_a_word(string held, Language language, string sentence)
    {
        var body = JsonElement.Parse($$"""{"data": {"product": "rides", "attempts": 3, "held": {{held}} } }""");
        var entry = new EvidenceEntry(0, "e", DateTimeOffset.UnixEpoch, EntryType.ClausesProved, body, "");
        Assert.EndsWith(sentence, EvidenceTexts.Sentence(entry, language), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0201", "completeness of data elements", "数据元素完整性", "completeness", "完整性")]
    [InlineData("0302", "compliance of data formats", "数据格式合规性", "accuracy", "准确性")]
    [InlineData("0304", "uniqueness of data", "数据唯一性", "accuracy", "准确性")]
    [InlineData("0502", "timeliness by point in time", "基于时间点的及时性", "timeliness", "时效性")]
    public void An_indicator_has_the_name_and_the_dimension_of_its_standard(
        string code, string en, string zh, string dimensionEn, string dimensionZh)
    {
        Assert.Equal(new Text(en, zh), StandardTexts.Indicator(code));
        Assert.Equal(new Text(dimensionEn, dimensionZh), StandardTexts.Dimension(code));
    }

    [Theory]
    [InlineData("", "", "", Language.English)]
    [InlineData("", "", "zh-CN,zh;q=0.9,en;q=0.8", Language.Chinese)]
    [InlineData("", "", "en;q=0.3,zh-TW;q=0.7", Language.Chinese)]
    [InlineData("", "", "fr, en;q=0.5", Language.English)]
    [InlineData("", "", "zh;q=0", Language.English)]
    [InlineData("", "millrace-lang=en", "zh", Language.English)]
    [InlineData("?lang=zh", "millrace-lang=en", "en", Language.Chinese)]
    [InlineData("?lang=xx", "", "zh", Language.Chinese)]
    public void The_address_comes_before_the_cookie_before_the_settings(
        string query, string cookie, string accepts, Language expected)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        http.Request.Headers.Cookie = cookie;
        http.Request.Headers.AcceptLanguage = accepts;
        Assert.Equal(expected, LanguageChoice.Of(http));
    }

    private static bool IsTranslated(string name, Text text) =>
        !string.IsNullOrWhiteSpace(text.En) && !string.IsNullOrWhiteSpace(text.Zh) &&
        (_notInChinese.Contains(name) || Han().IsMatch(text.Zh));

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();
}
