using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Fitness;

namespace Millrace.Tests.Supply.Fitness;

public sealed class FitnessTests : IDisposable
{
    private const string Sentence = "the quick brown fox jumps over the lazy dog while fourteen owls are watching";

    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Each_measure_is_a_of_b_or_says_why_not()
    {
        var report = await MeasureAsync("mail,stars\na@example.org,1\nb@example.org,1\nb@example.org,1\n,2\n", "stars");
        Assert.Equal(
            [
                ("exact-duplicates", 3, 4, null), ("near-duplicates", 0, 0, "No text has 40 characters."),
                ("label-balance", 0.811278, 1, null),
                ("language", 0, 0, "The profile does not tell the languages of texts."),
                ("personal-data", 4, 7, null), ("contamination", 0, 0, "No benchmark was named to compare with."),
            ],
            report.Measures.Select(m => (m.Name, m.A, m.B, m.NotEvaluated)));
        Assert.Equal((0.5, 71.0902), (report.Coverage, report.Total));
        Assert.All(report.Measures, m => Assert.Equal($"{m.Name}/1", m.RuleId));
    }

    [Theory]
    [InlineData("a\nb\nc\nd\n", 2, 2)]
    [InlineData("a\na\na\n", 0, 1)]
    public async Task Labels_are_balanced_by_their_entropy(string labels, double a, double b)
    {
        var measure = (await MeasureAsync("label\n" + labels, "label")).Measures.Single(m => m.Name == "label-balance");
        Assert.Equal((a, b), (measure.A, measure.B));
    }

    [Fact]
    public async Task What_cannot_be_a_label_is_none_and_what_is_not_there_is_refused()
    {
        var ids = string.Concat(Enumerable.Range(0, 1_001).Select(i => $"{i}\n"));
        var measure = (await MeasureAsync($"id\n{ids}", "id")).Measures.Single(m => m.Name == "label-balance");
        Assert.Equal((null, "The label has more than 1000 values: it is none."), (measure.Ratio, measure.NotEvaluated));
        var e = await Assert.ThrowsAsync<EngineException>(() => MeasureAsync("a\n1\n", "b"));
        Assert.Equal(("unknown-column", "The table has no column b; name one that it has."), (e.Code, e.Message));
    }

    [Fact]
    public async Task Texts_that_are_nearly_the_same_are_told_and_others_are_not()
    {
        var random = new Random(5);
        var texts = Enumerable.Range(0, 300).Select(_ => Words(random, 30)).ToList();
        // Of each tenth a twin: another last word, other case and white space.
        var twins = texts.Where((_, i) => i % 10 == 0).Select(t => $"{t[..^4].ToUpperInvariant()}  other").ToList();
        var report = await MeasureAsync("note\n" + string.Join('\n', texts.Concat(twins)) + "\n");
        var measure = report.Measures.Single(m => m.Name == "near-duplicates");
        Assert.Equal((300, 330, null), (measure.A, measure.B, measure.OneIn));
    }

    [Fact]
    public void Likeness_is_the_share_of_common_shingles()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var words = Words(random, 120);
            var other = words[..(words.Length / 2)] + Words(random, 60);
            var exact = Jaccard(words, other);
            Assert.Equal(exact, MinHash.Of(words).Likeness(MinHash.Of(other)), 0.13);
        }
        Assert.Equal(1, MinHash.Of("One  text here").Likeness(MinHash.Of("one text\there")));
    }

    [Theory]
    [InlineData("and then", 2)] // More before it makes no difference: the thirteen words stand there.
    [InlineData("", 2)]
    public async Task Rows_that_stand_in_the_benchmark_are_found(string before, int clean)
    {
        var table = $"id,text\n1,\"{before} {Sentence.ToUpperInvariant()}!\"\n2,too short\n"
            + $"3,\"{Sentence.Replace("fox", "cat", StringComparison.Ordinal)}\"\n"
            + "4,one two three four five six seven eight nine ten eleven twelve thirteen fourteen\n";
        var read = await _work.Import.ImportAsync(
            [_work.File("bench.csv", $"q,a\n\"x, {Sentence}\",1\n")], _work.At("bench.parquet"), Workshop.Cancel);
        var benchmark = new BenchmarkTable([_work.At("bench.parquet")], read.Schema);
        var measure = (await MeasureAsync(table, null, benchmark)).Measures.Single(m => m.Name == "contamination");
        Assert.Equal((clean, 3), (measure.A, measure.B));
    }

    [Fact]
    public async Task Chinese_texts_are_read_by_their_characters()
    {
        const string Text = "昨天下午三点我们在公园里看到了一只白色的鸟";
        var read = await _work.Import.ImportAsync(
            [_work.File("bench.csv", $"t,n\n{Text},1\n")], _work.At("bench.parquet"), Workshop.Cancel);
        var benchmark = new BenchmarkTable([_work.At("bench.parquet")], read.Schema);
        var report = await MeasureAsync($"t,n\n据说{Text}，很美,1\n今天上午九点他们在学校里听到了一首新的歌,2\n", null, benchmark);
        Assert.Equal((1, 2), (report.Measures[5].A, report.Measures[5].B));
    }

    [Fact]
    public async Task The_languages_of_a_profile_count_where_it_tells_them()
    {
        await _work.ImportText("t\nx\n");
        var report = await new FitnessMeter(_work.Duck).MeasureAsync(
            [_work.At("out.parquet")], new TableProfile(1, 0, []), new ClassificationReport(1, []),
            new FitnessQuestion(Languages: [new("en", 30), new("zh", 10)]), Workshop.Cancel);
        Assert.Equal((30, 40, 0.75), (report.Measures[3].A, report.Measures[3].B, report.Measures[3].Ratio));
    }

    private async Task<FitnessReport> MeasureAsync(string csv, string? label = null, BenchmarkTable? benchmark = null)
    {
        var table = await _work.ImportText(csv);
        string[] files = [_work.At("out.parquet")];
        var profile = await new Profiler(_work.Duck).ProfileAsync(files, table.Schema, Workshop.Cancel);
        var found = await new Classifier(_work.Duck).ClassifyAsync(files, table.Schema, Workshop.Cancel);
        return await new FitnessMeter(_work.Duck).MeasureAsync(
            files, profile, found, new FitnessQuestion(label, benchmark), Workshop.Cancel);
    }

    private static string Words(Random random, int count) => string.Join(
        ' ', Enumerable.Range(0, count).Select(_ => random.Next(1_000, 9_999).ToString(CultureInfo.InvariantCulture)));

    private static double Jaccard(string a, string b)
    {
        var (of, with) = (Shingles(a), Shingles(b));
        return (double)of.Intersect(with).Count() / of.Union(with).Count();

        static HashSet<string> Shingles(string text) =>
            [.. Enumerable.Range(0, text.Length - 4).Select(i => text[i..(i + 5)])];
    }
}
