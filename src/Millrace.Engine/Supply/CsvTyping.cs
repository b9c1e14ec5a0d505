using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>
/// Gives each column of texts the narrowest type that loses nothing: a form is tried on a sample, then on every row.
/// Stricter than a guess from the first rows: leading zeros, long numbers and ids stay text, and dates that could be
/// read in two ways stay text too.
/// </summary>
internal static class CsvTyping
{
    private const int SampleRowsMax = 10_000, SampleCellsMax = 100_000, SampleBytesMax = 16 << 20, ColumnsOfAPass = 40;

    private const string Comma = ",", WithoutComma = "replace(replace(@, '.', ''), ',', '.')";

    private static readonly Form AsText = new(ColumnType.Text, "true", "@");

    private static readonly Form AsTextOrBlank = new(ColumnType.Text, "true", "nullif(@, '')");

    /// <summary>Texts, and bare NA among them is one too.</summary>
    private static readonly Form AsTextWithNa = new(ColumnType.Text, "true", "nullif(coalesce(@, 'NA'), '')");

    /// <summary>Short codes, of which NA can be one: Namibia's, North America's.</summary>
    private static readonly Form Codes = new(ColumnType.Text, Like("[A-Z]{2,5}"), "@");

    /// <summary>In order of preference; <c>@</c> is the cell as text, not null.</summary>
    private static readonly Form[] Forms =
    [
        new(ColumnType.Boolean, "lower(@) IN ('true', 'false')", "CAST(@ AS BOOLEAN)"),
        new(ColumnType.Integer, "CAST(TRY_CAST(@ AS BIGINT) AS VARCHAR) = @", "CAST(@ AS BIGINT)"),
        new(
            ColumnType.Number,
            Like(@"-?((0|[1-9]\d{0,14})(\.\d*)?([eE][-+]\d{1,3})?|(0|[1-9]\d{0,14})?\.\d+([eE][-+]?\d{1,3})?)")
            + $" AND isfinite(TRY_CAST(@ AS DOUBLE)) AND {IsKept("@")}",
            "CAST(@ AS DOUBLE)"),
        Day("%Y-%m-%d", @"\d{4}-\d{1,2}-\d{1,2}"),
        Day("%Y/%m/%d", @"\d{4}/\d{1,2}/\d{1,2}"),
        Day("%Y年%m月%d日", @"\d{4}年\d{1,2}月\d{1,2}日"),
        Day("%d.%m.%Y", @"\d{1,2}\.\d{1,2}\.\d{4}"),
        Day("%m/%d/%Y", @"\d{1,2}/\d{1,2}/\d{4}") with { Rival = "%d/%m/%Y" },
        Day("%d/%m/%Y", @"\d{1,2}/\d{1,2}/\d{4}") with { Rival = "%m/%d/%Y" },
        new(
            ColumnType.Time,
            Like(@"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?") + " AND TRY_CAST(@ AS TIME) IS NOT NULL",
            "CAST(@ AS TIME)"),
        Moment(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?"),
        // With an offset it is a point in time, whose date and time are kept as those of UTC.
        Moment(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[-+]\d\d(:?\d\d)?)") with
        {
            Conversion = "CAST(CAST(@ AS TIMESTAMPTZ) AS TIMESTAMP)",
        },
        Moment("%Y-%m-%d %H:%M", @"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d\d"),
        Moment("%Y-%m-%dT%H:%M", @"\d{4}-\d\d-\d\dT\d\d:\d\d"),
        Moment("%Y/%m/%d %H:%M:%S", @"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d\d:\d\d"),
        Moment("%Y/%m/%d %H:%M", @"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d\d"),
    ];

    /// <summary>Groups of three digits behind points: a number of thousands, or a fraction of three places.</summary>
    private static readonly Form Thousands = new(
        ColumnType.Text, Like(@"-?[1-9]\d{0,2}(\.\d{3})*"), "@", Sign: "contains(@, '.')");

    /// <summary>Numbers with a comma before their fraction, all with points between thousands or all without.</summary>
    private static readonly Form[] WithCommas =
    [
        WithComma(@"-?((0|[1-9]\d{0,14})(,\d+)?|,\d+)([eE][-+]?\d{1,3})?"),
        WithComma(@"-?(0|[1-9]\d{0,2}(\.\d{3}){0,4})(,\d+)?"),
        Thousands,
    ];

    /// <summary>The columns of a relation of texts with their types, and the SELECT that gives them.</summary>
    /// <param name="asked">What they are called, and what they should be.</param>
    public static TypedTexts Typed(DuckSession session, string relation, AskedColumns asked)
    {
        var forms = Find(session, relation, asked);
        var cells = forms.Select((f, i) => $"{f.Convert($"c{i}")} AS {Sql.Name(asked.Names[i])}");
        return new TypedTexts(
            [.. forms.Select((f, i) => new Column(asked.Names[i], f.Type))],
            $"SELECT {string.Join(", ", cells)} FROM {relation}",
            [.. asked.Names.Where((_, i) => forms[i].Format == Comma)]);
    }

    /// <summary>Finds the forms of the columns <c>c0, c1, …</c> of a relation.</summary>
    private static List<Form> Find(DuckSession session, string relation, AskedColumns asked)
    {
        Form[] codes = asked.NaMayBeCode ? [Codes] : [];
        Form[] tried = [.. Forms, .. asked.MayHaveCommas ? WithCommas : [], .. codes];
        var columns = asked.Names.Count;
        var sample = Path.Combine(session.Folder, "sample.parquet");
        session.Execute(
            $"COPY (SELECT * FROM {relation} LIMIT {SampleRows(session, relation, columns)}) TO {Sql.Text(sample)} "
            + "(FORMAT parquet, USE_TMP_FILE false)");
        var likely = Likely(session, ParquetFiles.Table([sample]), tried, columns);
        File.Delete(sample);
        List<Form[]?> held = [.. Holding(session, relation, likely)];
        List<Form> chosen = [.. held.Select((forms, c) => Choose(forms, asked.Expected[c]))];
        // Beside numbers with commas 1.234 may be a thousand and more, and is not told from a fraction.
        var hasCommas = chosen.Any(f => f.Format == Comma);
        bool Has(int c, Form form) => held[c]?.Contains(form) == true;
        return [.. chosen
            .Select((f, c) => hasCommas && f.Format != Comma && Has(c, Thousands) ? AsText : f)
            .Select((f, c) => f.Type == ColumnType.Text && asked.BareNaIsNull
                ? asked.KeepsNa[c] || Has(c, Codes) ? AsTextWithNa : AsTextOrBlank
                : f)];
    }

    /// <summary>A sample is held whole while it is written: of long texts it has few rows.</summary>
    private static int SampleRows(DuckSession session, string relation, int columns)
    {
        var texts = Enumerable.Range(0, columns).Select(c => new Column($"c{c}", ColumnType.Text));
        var width = RowGroups.Width(session, $"FROM {relation}", new TableSchema([.. texts]));
        return Math.Clamp((int)(SampleBytesMax / width), 1, Math.Clamp(SampleCellsMax / columns, 100, SampleRowsMax));
    }

    private static Form Choose(Form[]? forms, ColumnType? expected)
    {
        if (forms is null) // No value: any type holds it.
            return Array.Find(Forms, f => f.Type == expected) ?? AsText;
        if (expected == ColumnType.Text)
            return AsText;
        var first = Array.Find(forms, f => f.Type == expected) ?? forms.FirstOrDefault();
        return first is null || forms.Any(f => f.Rival is not null && f.Rival == first.Format) ? AsText : first;
    }

    /// <summary>
    /// The forms that all values of a column have in a sample; all forms, where it has none. One cell below the other:
    /// to plan each form for each of many columns takes longer than to try it.
    /// </summary>
    private static List<Form[]> Likely(DuckSession session, string sample, Form[] tried, int columns)
    {
        var (places, cells) = (Enumerable.Range(0, columns), Enumerable.Range(0, columns).Select(c => $"c{c}"));
        var rows = session.Rows(
            $"SELECT {string.Join(", ", tried.Select(f => f.TestAll("cell")))} FROM (SELECT "
            + $"unnest({Sql.List(places.Select(c => $"{c}"))}) AS place, unnest({Sql.List(cells)}) AS cell "
            + $"FROM {sample}) GROUP BY place ORDER BY place");
        return [.. rows.Select(row => tried.Where((_, f) => row[f] is true).ToArray())];
    }

    /// <summary>Of the forms that are likely, those that all values of a column have; null when it has none.</summary>
    private static IEnumerable<Form[]?> Holding(DuckSession session, string relation, List<Form[]> likely)
    {
        foreach (var slice in Enumerable.Range(0, likely.Count).Chunk(ColumnsOfAPass))
        {
            var tests = slice.SelectMany(
                c => likely[c].Select(f => f.TestAll($"c{c}") + f.TestSign($"c{c}"))
                    .Prepend($"count({Form.Cell($"c{c}")}) > 0"));
            var answers = new Queue<object?>(session.Row($"SELECT {string.Join(", ", tests)} FROM {relation}"));
            foreach (var c in slice)
            {
                var hasValues = answers.Dequeue() is true;
                Form[] held = [.. likely[c].Where(_ => answers.Dequeue() is true)];
                yield return hasValues ? held : null;
            }
        }
    }

    private static string Like(string pattern) => $"regexp_full_match(@, '{pattern}')";

    /// <summary>
    /// Whether a double gives all digits of a number back: it has at most 15, or those that programs write of a double,
    /// which are as few as tell it from its neighbours, or 17, or 19.
    /// </summary>
    private static string IsKept(string number)
    {
        static string Digits(string n) =>
            $"rtrim(ltrim(translate(split_part(lower({n}), 'e', 1), '-.', ''), '0'), '0')";
        var value = $"TRY_CAST({number} AS DOUBLE)";
        string[] written =
            [$"CAST({value} AS VARCHAR)", $"format('{{:.16e}}', {value})", $"format('{{:.18e}}', {value})"];
        // Few numbers are so long: the others take no time.
        return $"CASE WHEN length({number}) <= 16 THEN true WHEN {written[0]} = {number} THEN true "
            + $"ELSE length({Digits(number)}) <= 15 "
            + $"OR {Digits(number)} IN ({string.Join(", ", written.Select(Digits))}) END";
    }

    private static Form WithComma(string shape) => new(
        ColumnType.Number,
        $"{Like(shape)} AND isfinite(TRY_CAST({WithoutComma} AS DOUBLE)) AND {IsKept(WithoutComma)}",
        $"CAST({WithoutComma} AS DOUBLE)", Comma,
        // 1,234 may be a thousand and more, where commas stand between thousands.
        Sign: $"contains(@, ',') AND NOT {Like(@"-?[1-9]\d{0,2}(,\d{3})+")}");

    private static Form Day(string format, string shape) => new(
        ColumnType.Date, $"{Like(shape)} AND try_strptime(@, '{format}') IS NOT NULL",
        $"CAST(strptime(@, '{format}') AS DATE)", format);

    private static Form Moment(string shape) => new(
        ColumnType.Timestamp, Like(shape) + " AND TRY_CAST(@ AS TIMESTAMP) IS NOT NULL", "CAST(@ AS TIMESTAMP)");

    private static Form Moment(string format, string shape) => new(
        ColumnType.Timestamp, $"{Like(shape)} AND try_strptime(@, '{format}') IS NOT NULL", $"strptime(@, '{format}')");

    /// <summary>One way to write values of a type.</summary>
    /// <param name="Rival">The format that must not hold as well.</param>
    /// <param name="Sign">What must be true of at least one value, for the others could be something else.</param>
    internal sealed record Form(
        ColumnType Type, string Test, string Conversion, string? Format = null, string? Rival = null,
        string? Sign = null)
    {
        /// <summary>A typed cell is read without the spaces around it, and NA as none; a text keeps them.</summary>
        public static string Cell(string column) => $"nullif(nullif(trim({column}), ''), '{CsvForm.Na}')";

        public string TestAll(string column) =>
            $"bool_and({Cell(column)} IS NULL OR coalesce({In(Test, Cell(column))}, false))";

        public string TestSign(string column) =>
            Sign is null ? "" : $" AND coalesce(bool_or({In(Sign, Cell(column))}), false)";

        public string Convert(string column) => In(Conversion, Type == ColumnType.Text ? column : Cell(column));

        private static string In(string template, string cell) => template.Replace("@", cell, StringComparison.Ordinal);
    }
}

/// <summary>Columns of texts that get their types.</summary>
/// <param name="Expected">
/// For each the type that it should have, which is taken if its values have it: whole numbers can be meant as numbers,
/// digits as texts. Null: none.
/// </param>
/// <param name="KeepsNa">For each whether NA is a text in it, whatever the others are.</param>
/// <param name="MayHaveCommas">Commas do not part the cells: they can stand before fractions.</param>
/// <param name="BareNaIsNull">The relation has null for NA without quotes, and "" for no value.</param>
/// <param name="NaMayBeCode">NA without quotes is a code among codes: the file does not quote its texts.</param>
internal sealed record AskedColumns(
    IReadOnlyList<string> Names, IReadOnlyList<ColumnType?> Expected, IReadOnlyList<bool> KeepsNa, bool MayHaveCommas,
    bool BareNaIsNull, bool NaMayBeCode);

/// <param name="Relation">The SELECT that gives them.</param>
/// <param name="DecimalCommas">The columns of numbers with a comma before their fraction.</param>
internal sealed record TypedTexts(
    IReadOnlyList<Column> Columns, string Relation, IReadOnlyList<string> DecimalCommas);
