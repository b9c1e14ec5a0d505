using System.Globalization;
using System.Text;

namespace Millrace.Node.Storage.Search;

/// <summary>
/// An index of words: one row for each word of each document, the same on SQLite and PostgreSQL. It changes in the unit
/// of work that changes the document.
/// </summary>
/// <param name="kind">What the documents are; each kind is searched by itself.</param>
public sealed class TermTable(string kind)
{
    // SQLite looks for each parameter's name among all of a statement's: twice as many cost four times as much.
    private const int RowsPerStatement = 16;

    /// <summary>Brings the index from one state of documents to the next.</summary>
    /// <param name="changes">Of each document its id, what was indexed of it, and what is to be; null: nothing.</param>
    /// <param name="termsMax">Terms that one document may have. It must be the same each time.</param>
    public async Task ChangeAsync(
        Unit unit, string participant, IReadOnlyList<(string Id, Document? Before, Document? After)> changes,
        int termsMax, CancellationToken cancel)
    {
        var (gone, come) = (new List<Row>(), new List<Row>());
        foreach (var (id, before, after) in changes)
        {
            var (old, @new) = (Rows(id, before, termsMax), Rows(id, after, termsMax));
            gone.AddRange(old.Except(@new));
            come.AddRange(@new.Except(old));
        }
        foreach (var rows in gone.Chunk(RowsPerStatement))
            await RunAsync(
                unit, participant, rows,
                """
                DELETE FROM term
                WHERE participant = @participant AND kind = @kind AND (term, place, document) IN (VALUES
                """,
                (text, i) => text.Append(CultureInfo.InvariantCulture, $"(@t{i}, @p{i}, @d{i})"), ")", cancel);
        foreach (var rows in come.Chunk(RowsPerStatement))
            await RunAsync(
                unit, participant, rows, "INSERT INTO term (participant, kind, term, place, document) VALUES ",
                (text, i) => text.Append(CultureInfo.InvariantCulture, $"(@participant, @kind, @t{i}, @p{i}, @d{i})"),
                " ON CONFLICT DO NOTHING", cancel);
    }

    /// <summary>
    /// To be told after many changes. Until PostgreSQL measures the table by itself, up to a minute later, it takes it
    /// for an empty one and goes through all rows of a word for each candidate: 30 s and more for three common words.
    /// </summary>
    public static Task MeasureAsync(Database database, CancellationToken cancel) => database.IsPostgres
        ? database.WriteAsync(unit => unit.WriteAsync("ANALYZE term", [], null, cancel), cancel)
        : Task.CompletedTask; // The statements leave SQLite no choice.

    /// <summary>The documents that hold all terms, the best first.</summary>
    /// <param name="terms">At least one.</param>
    /// <param name="candidatesMax">
    /// Documents of the rarest term that are looked at, those with it in the title first; what lies beyond is not
    /// found.
    /// </param>
    public async Task<IReadOnlyList<string>> FindAsync(
        Session session, string participant, IReadOnlyList<string> terms, int skip, int limit, int candidatesMax,
        CancellationToken cancel)
    {
        var counted = new List<(string Term, long Count)>();
        foreach (var term in terms)
            counted.Add((term, await CountAsync(session, participant, term, candidatesMax, cancel)));
        if (counted.Exists(t => t.Count == 0))
            return [];
        var (sql, parameters) = Query([.. counted.OrderBy(t => t.Count).Select(t => t.Term)]);
        return await session.QueryAsync(
            sql,
            [
                .. parameters, ("participant", participant), ("kind", kind), ("candidates", candidatesMax),
                ("skip", skip), ("limit", limit),
            ],
            row => row.GetString(0), cancel);
    }

    private static (string Sql, List<(string, object?)> Parameters) Query(List<string> rarestFirst)
    {
        // The places are constants so that each look-up is of a whole key. SQLite takes the tables of a CROSS JOIN in
        // this order; of a plain one it may begin with another word, and go through all candidates for each row.
        var places = string.Join(", ", Enum.GetValues<Place>().Select(p => (int)p));
        var (joins, also, rank) = (new StringBuilder(), new List<string>(), new StringBuilder("c.place"));
        for (var i = 1; i < rarestFirst.Count; i++)
        {
            joins.Append(CultureInfo.InvariantCulture, $" CROSS JOIN term t{i}");
            also.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"t{i}.participant = @participant AND t{i}.kind = @kind AND t{i}.term = @t{i} "
                    + $"AND t{i}.place IN ({places}) AND t{i}.document = c.document"));
            rank.Append(CultureInfo.InvariantCulture, $" + t{i}.place");
        }
        return (
            $"""
             SELECT c.document FROM (
               SELECT place, document FROM term
               WHERE participant = @participant AND kind = @kind AND term = @t0
               ORDER BY place, document LIMIT @candidates) c{joins}
             {(also.Count > 0 ? "WHERE " : "")}{string.Join(" AND ", also)}
             ORDER BY {rank}, c.document LIMIT @limit OFFSET @skip
             """,
            [.. rarestFirst.Select((term, i) => ($"t{i}", (object?)term))]);
    }

    /// <summary>How many documents hold a term, counted no further than needed.</summary>
    private Task<long> CountAsync(
        Session session, string participant, string term, int max, CancellationToken cancel) =>
        session.CountAsync(
            """
            SELECT count(*) FROM (
              SELECT 1 FROM term WHERE participant = @participant AND kind = @kind AND term = @term LIMIT @max) t
            """,
            [("participant", participant), ("kind", kind), ("term", term), ("max", max)], cancel);

    private async Task RunAsync(
        Unit unit, string participant, Row[] rows, string before, Action<StringBuilder, int> row, string after,
        CancellationToken cancel)
    {
        var sql = new StringBuilder(before);
        var parameters = new List<(string, object?)> { ("participant", participant), ("kind", kind) };
        for (var i = 0; i < rows.Length; i++)
        {
            if (i > 0)
                sql.Append(", ");
            row(sql, i);
            var number = i.ToString(CultureInfo.InvariantCulture);
            parameters.Add(($"t{number}", rows[i].Term));
            parameters.Add(($"p{number}", (int)rows[i].Place));
            parameters.Add(($"d{number}", rows[i].Document));
        }
        await unit.WriteAsync(sql.Append(after).ToString(), [.. parameters], null, cancel);
    }

    private static HashSet<Row> Rows(string id, Document? document, int termsMax) =>
        document is null ? [] : [.. document.Terms(termsMax).Select(t => new Row(t.Key, t.Value, id))];

    private readonly record struct Row(string Term, Place Place, string Document);
}
