using CsCheck;
using Millrace.Node.Storage.Search;

namespace Millrace.Tests.Storage;

public sealed class WordsTests
{
    [Theory]
    [InlineData("Chicago weather, 2001–2002", "chicago weather 2001 2002")]
    [InlineData("ＣＨＩＣＡＧＯ ① ﬁne", "chicago 1 fine")]
    [InlineData("Straße ÉCOLE e\u0301cole", "straße école école")]
    [InlineData("天气", "天 气 天气")]
    [InlineData("天气预报2001年", "天 气 预 报 天气 气预 预报 2001 年")]
    [InlineData("二〇二六", "二 〇 二 六 二〇 〇二 二六")]
    [InlineData("データ", "デ ー タ デー ータ")]
    [InlineData("한국 날씨", "한국 날씨")]
    [InlineData("𠮷野家", "𠮷 野 家 𠮷野 野家")]
    [InlineData("a\0b\uD800c", "a b c")]
    [InlineData("~!@ …", "")]
    [InlineData(null, "")]
    public void A_text_is_found_by_its_words(string? text, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Words.Of(text));

    [Theory]
    [InlineData("Weather weather WEATHER", "weather")]
    [InlineData("天", "天")]
    [InlineData("天气预报", "天气 气预 预报")]
    [InlineData("天气 rain", "天气 rain")]
    public void A_question_asks_for_pairs_where_it_has_them(string question, string words) =>
        Assert.Equal(words.Split(' '), Words.Asked(question));

    [Fact]
    public void A_long_word_is_cut_alike_in_texts_and_questions()
    {
        var word = new string('x', Words.LengthMax - 1) + "𝒜𝒜 end";
        Assert.Equal(Words.Of(word), Words.Asked(word));
        Assert.All(Words.Of(word), w => Assert.InRange(w.Length, 1, Words.LengthMax));
    }

    [Fact]
    public void What_a_text_says_is_among_the_words_it_is_found_by() =>
        Gen.Char.Array[0, 40].Sample(chars =>
        {
            var text = new string(chars);
            var words = Words.Of(text).ToHashSet();
            Assert.All(Words.Asked(text), asked => Assert.Contains(asked, words));
            Assert.All(words, w => Assert.DoesNotContain('\0', w));
        });

    [Fact]
    public void A_word_keeps_its_best_place_and_the_title_comes_first_where_there_are_too_many()
    {
        var document = new Document("rain", ["wind", "rain"], "snow rain", [Document.NameOf("by", "did:web:a")]);
        Assert.Equal(
            new Dictionary<string, Place>
            {
                ["by=did:web:a"] = Place.Name,
                ["rain"] = Place.Title,
                ["wind"] = Place.Keyword,
                ["snow"] = Place.Description,
            },
            document.Terms(10));
        Assert.Equal(["by=did:web:a", "rain"], document.Terms(2).Keys);
    }

    [Fact]
    public void A_name_that_no_index_takes_is_found_by_its_digest()
    {
        Assert.Equal("id=x", Document.NameOf("id", "x"));
        Assert.NotEqual(Document.NameOf("id", new string('a', 5000)), Document.NameOf("id", new string('a', 5001)));
        Assert.All([new string('a', 5000), "a\0b"], name => Assert.InRange(Document.NameOf("id", name).Length, 1, 70));
    }
}
