using Millrace.Engine.Supply.Languages;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Languages;

/// <summary>Sentences as people write them into tables, and what is no sentence, by the language of each.</summary>
public sealed class TextLanguageTests
{
    private static readonly IReadOnlyList<(string Language, string Text)> _labelled =
    [
        .. SourceTree.Get("tests/Millrace.Tests/Supply/Languages/sentences.txt").Lines
            .Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(f => (f[0], f[1])),
    ];

    [Fact]
    public void A_language_that_is_told_is_nearly_always_right_and_most_are_told()
    {
        var told = _labelled.Select(s => (s.Language, s.Text, Told: TextLanguage.Of(s.Text))).ToList();
        var wrong = told.Where(s => s.Told is not null && s.Told != s.Language).ToList();
        var none = told.Where(s => s.Told is null && s.Language != "-").ToList();
        var (all, sentences) = (told.Count(s => s.Told is not null), told.Count(s => s.Language != "-"));
        var which = string.Join('\n', wrong.Concat(none).Select(s => $"{s.Language} as {s.Told ?? "-"}: {s.Text}"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{all} told, {wrong.Count} of them wrong; {none.Count} of {sentences} sentences not told\n{which}");
        Assert.True(wrong.Count <= 0.02 * all, which);
        Assert.True(none.Count <= 0.2 * sentences, which);
    }

    [Fact]
    public void Each_language_of_the_list_is_told_of_some_sentence() =>
        Assert.Empty(FunctionWords.Words.SelectMany(w => w.Value).Concat(["zh", "ja", "ko", "th"]).Distinct()
            .Except(_labelled.Where(s => TextLanguage.Of(s.Text) == s.Language).Select(s => s.Language)));

    [Theory]
    [InlineData("")]
    [InlineData("\0\u001B \uFFFD\uFFFD")]
    [InlineData("👍👍👍👍 🙂 🙂 🙂")]
    [InlineData("the the the the the the the")]
    public void What_is_no_language_is_none(string text) => Assert.Null(TextLanguage.Of(text));
}
