using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Languages;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Languages;

/// <summary>Sentences as people write them into tables, and what is no sentence, by the language that each is.</summary>
public sealed class TextLanguageTests
{
    private static readonly IReadOnlyList<(string Language, string Text)> _labelled =
    [
        .. SourceTree.Get("tests/Millrace.Tests/Supply/Languages/sentences.txt").Lines
            .Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(f => (f[0], f[1])),
    ];

    [Fact]
    public void A_language_that_is_told_is_mostly_right()
    {
        var told = _labelled.Select(s => (s.Language, s.Text, Told: TextLanguage.Of(s.Text))).ToList();
        var wrong = told.Where(s => s.Told is not null && s.Told != s.Language).ToList();
        var none = told.Where(s => s.Told is null && s.Language != "-").ToList();
        var sentences = told.Count(s => s.Language != "-");
        var all = string.Join('\n', wrong.Concat(none).Select(s => $"{s.Language} as {s.Told ?? "-"}: {s.Text}"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{told.Count(s => s.Told is not null)} told, {wrong.Count} wrong; {none.Count} of {sentences} not told\n{all}");
        Assert.True(wrong.Count == 0, all);
        Assert.True(none.Count <= sentences * 0.1, all);
    }
}
