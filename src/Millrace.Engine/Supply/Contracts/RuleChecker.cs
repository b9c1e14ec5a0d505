using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>A version of another product, for rules that refer to it.</summary>
/// <param name="Files">Parquet, in order.</param>
public sealed record ReferredTable(int Version, IReadOnlyList<string> Files, TableSchema Schema);

/// <summary>
/// Checks a table against a contract: rules on single rows in one scan for some dozens of them, keys and references in
/// one each, in bounded memory. Same table and contract: same results.
/// </summary>
/// <param name="evidenceMax">So many rows that break a rule are named.</param>
public sealed class RuleChecker(DuckPool duck, int evidenceMax = RuleChecker.EvidenceMax)
{
    /// <summary>Rows that break a rule and are named in a report.</summary>
    public const int EvidenceMax = 10;

    private const int RulesOfAScan = 40;

    /// <param name="referred">By product; those that are missing are a fault.</param>
    /// <param name="publishedAt">The moment that freshness is measured at.</param>
    /// <param name="earlier">The version before; null: there is none, and a rule on drift has nothing to check.</param>
    /// <exception cref="ContractException">The contract does not fit the table.</exception>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<IReadOnlyList<RuleResult>> CheckAsync(
        DataContract contract, IReadOnlyList<string> parquetFiles, TableSchema schema,
        IReadOnlyDictionary<string, ReferredTable> referred, DateTimeOffset publishedAt, CancellationToken cancel,
        EarlierTable? earlier = null)
    {
        ContractFit.Check(contract, schema, referred);
        return await duck.ExplainedAsync(
            [.. parquetFiles, .. referred.Values.SelectMany(r => r.Files), .. earlier?.Files ?? []],
            session => new Run(session, parquetFiles, schema, referred, publishedAt, earlier)
            {
                EvidenceMax = evidenceMax,
            }.Check(contract.Rules),
            cancel);
    }

    private sealed class Run
    {
        private readonly DuckSession _session;
        private readonly TableSchema _schema;
        private readonly IReadOnlyDictionary<string, ReferredTable> _referred;
        private readonly DateTimeOffset _publishedAt;
        private readonly string _table;
        private readonly string _number;
        private readonly string _first;
        private readonly Dictionary<string, string> _others;
        private readonly (EarlierTable Table, string Before, string After)? _earlier;

        public Run(
            DuckSession session, IReadOnlyList<string> files, TableSchema schema,
            IReadOnlyDictionary<string, ReferredTable> referred, DateTimeOffset publishedAt, EarlierTable? earlier)
        {
            (_session, _schema, _referred, _publishedAt) = (session, schema, referred, publishedAt);
            // One list of links: their names are given by their place in it.
            var links = ParquetFiles.Link(
                session, [.. files, .. referred.Values.SelectMany(r => r.Files), .. earlier?.Files ?? []]);
            session.Execute($"CREATE VIEW {Sql.Name(GovernedQuery.Table)} AS SELECT * FROM "
                + ParquetFiles.Table([.. links.Take(files.Count)]));
            _table = Sql.Name(GovernedQuery.Table);
            var names = schema.Columns.Select(c => c.Name).ToList();
            _number = Sql.Name(ColumnNames.Unused("row", names));
            _first = Sql.Name(ColumnNames.Unused("first", names));
            _others = [];
            var at = files.Count;
            foreach (var (product, other) in referred)
            {
                _others[product] = ParquetFiles.Table([.. links.Skip(at).Take(other.Files.Count)]);
                at += other.Files.Count;
            }
            if (earlier is not null)
                _earlier = (
                    earlier, ParquetFiles.Table([.. links.Skip(at)]),
                    ParquetFiles.Table([.. links.Take(files.Count).TakeLast(earlier.NewFiles)]));
        }

        public required int EvidenceMax { get; init; }

        public IReadOnlyList<RuleResult> Check(IReadOnlyList<ContractRule> rules)
        {
            var results = new Dictionary<ContractRule, RuleResult>();
            var onRows = new List<(ContractRule Rule, RowRule Sql)>();
            foreach (var rule in rules)
            {
                if (OnRows(rule) is { } sql) onRows.Add((rule, sql));
            }
            foreach (var slice in onRows.Chunk(RulesOfAScan))
            {
                var counts = Scan(slice);
                for (var i = 0; i < slice.Length; i++)
                    results[slice[i].Rule] = Result(
                        slice[i].Rule, Profiler.Count(counts[(2 * i) + 1]), Profiler.Count(counts[2 * i]),
                        () => RowsWhere($"{slice[i].Sql.Applies} AND NOT {slice[i].Sql.Holds}"));
            }
            return [.. rules.Select(r => results.TryGetValue(r, out var result) ? result : Whole(r))];
        }

        private object?[] Scan((ContractRule Rule, RowRule Sql)[] slice)
        {
            try
            {
                return _session.Row(
                    $"SELECT {string.Join(", ", slice.SelectMany(r => Counts(r.Sql)))} FROM {_table}");
            }
            catch (EngineException e) when (e.Code == DuckErrors.UnreadableData)
            {
                // A condition such as a cast may fail on a row: the holder is told which one it was.
                if (slice is [var (rule, _)])
                    throw RowRule.Unfit(rule.Path, "it fails on a row (TRY_CAST gives no value instead of failing)");
                return [.. slice.SelectMany(one => Scan([one]))];
            }
        }

        private RuleResult Whole(ContractRule rule) => rule.Test switch
        {
            Unique u => Keys(rule, u),
            RefersTo r => References(rule, r),
            Determines d => Dependency(rule, d),
            Ascends a => Order(rule, a),
            FreshWithin f => Fresh(rule, f),
            DriftWithin d => Drifted(rule, d),
            RowCount => Volume(rule),
            _ => throw new InvalidOperationException("A rule of no known kind."),
        };

        private RowRule? OnRows(ContractRule rule)
        {
            try
            {
                var sql = RowRule.Of(rule, _schema, text => ConditionReader.Read(_session, text, _schema));
                if (sql is not null)
                    _session.Rows($"DESCRIBE SELECT {string.Join(", ", Counts(sql))} FROM {_table}");
                if (rule.Test is Condition
                    && _session.Row($"DESCRIBE SELECT {sql!.Holds} FROM {_table}")[1] is not "BOOLEAN")
                    throw RowRule.Unfit(rule.Path, "the condition is neither true nor false; compare something in it");
                if (rule.Test is Matches m)
                    _session.Row($"SELECT regexp_matches('', {Sql.Text(m.Regex)})");
                return sql;
            }
            catch (QueryException e)
            {
                throw RowRule.Unfit(rule.Path, $"the condition cannot be read ({e.Message.TrimEnd('.')})");
            }
            catch (EngineException e) when (e.Code is "engine-failed" or DuckErrors.UnreadableData)
            {
                throw RowRule.Unfit(rule.Path, RowRule.WhyNot(rule));
            }
        }

        private static string[] Counts(RowRule sql) =>
        [
            $"count(*) FILTER (WHERE {sql.Applies})", $"count(*) FILTER (WHERE {sql.Applies} AND {sql.Holds})",
        ];

        private RuleResult Keys(ContractRule rule, Unique test)
        {
            var names = string.Join(", ", test.Columns.Select(Sql.Name));
            var given = RowRule.AllGiven(test.Columns);
            var (rows, different) = RowRepeats.Count(_session, _table, test.Columns);
            var numbered = $"(SELECT row_number() OVER () AS {_number}, {names} FROM {_table})";
            return Result(rule, different, rows, () => Numbers(
                $"SELECT {_number} FROM {numbered} JOIN (SELECT min({_number}) AS {_first}, {names} FROM {numbered} "
                + $"WHERE {given} GROUP BY {names} HAVING count(*) > 1) USING ({names}) WHERE {_number} > {_first}"));
        }

        private RuleResult References(ContractRule rule, RefersTo test)
        {
            var (name, target) = (Sql.Name(test.Column), Sql.Name(test.Target));
            var known = $"(SELECT {target} FROM {_others[test.Product]} WHERE {target} IS NOT NULL)";
            var counts = _session.Row(
                $"SELECT count({name}), count(*) FILTER (WHERE {name} IN {known}) FROM {_table}");
            return Result(
                rule, Profiler.Count(counts[1]), Profiler.Count(counts[0]),
                () => RowsWhere($"{name} IS NOT NULL AND {name} NOT IN {known}")) with
            {
                ComparedWith = _referred[test.Product].Version,
            };
        }

        /// <summary>
        /// Of the rows that agree in the determinant keep the rule those with the value that most of them have (of
        /// several such, the least), so that as few rows as can be break it: the measure g3 of Kivinen and Mannila,
        /// "Approximate inference of functional dependencies from relations", 1995.
        /// </summary>
        private RuleResult Dependency(ContractRule rule, Determines test)
        {
            var of = string.Join(", ", test.Determinant.Select(Sql.Name));
            var all = string.Join(", ", test.Columns.Select(Sql.Name));
            var given = RowRule.AllGiven(test.Columns);
            var values = $"(SELECT {all}, count(*) AS {_number} FROM {_table} WHERE {given} GROUP BY {all})";
            var counts = _session.Row(
                "SELECT CAST(coalesce(sum(kept), 0) AS BIGINT), CAST(coalesce(sum(rows), 0) AS BIGINT) FROM "
                + $"(SELECT max({_number}) AS kept, sum({_number}) AS rows FROM {values} GROUP BY {of})");
            var numbered = $"(SELECT row_number() OVER () AS {_number}, {all} FROM {_table})";
            var rank = $"row_number() OVER (PARTITION BY {of} ORDER BY {_number} DESC, {Sql.Name(test.Dependent)})";
            return Result(rule, Profiler.Count(counts[0]), Profiler.Count(counts[1]), () => Numbers(
                $"SELECT {_number} FROM {numbered} SEMI JOIN (SELECT {all} FROM {values} QUALIFY {rank} > 1) "
                + $"USING ({all})"));
        }

        private RuleResult Order(ContractRule rule, Ascends test)
        {
            var rows = RowOrder.Rows(_table, test);
            var counts = _session.Row($"SELECT count(*) FILTER (WHERE NOT {RowOrder.IsOut}), count(*) FROM {rows}");
            return Result(rule, Profiler.Count(counts[0]), Profiler.Count(counts[1]), () => Numbers(
                $"SELECT n AS {_number} FROM {rows} WHERE {RowOrder.IsOut}"));
        }

        private RuleResult Fresh(ContractRule rule, FreshWithin test)
        {
            var name = Sql.Name(test.Column);
            var zone = test.Zone is { } named ? TimeZoneInfo.FindSystemTimeZoneById(named) : TimeZoneInfo.Utc;
            string There(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone)
                .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            var (limit, now) = (There(_publishedAt - test.Age), There(_publishedAt));
            // A day counts as begun: data of today are fresh all day. What is later than now says nothing.
            var counts = _session.Row(
                $"SELECT count(*) FILTER (WHERE {name} >= CAST('{limit}' AS TIMESTAMP) "
                + $"AND {name} <= CAST('{now}' AS TIMESTAMP)) FROM {_table}");
            return Result(rule, Profiler.Count(counts[0]) > 0 ? 1 : 0, 1, () => []);
        }

        private RuleResult Drifted(ContractRule rule, DriftWithin test)
        {
            if (_earlier is not var (earlier, before, after))
                return Result(rule, 0, 0, () => []);
            var columns = DriftRule.Check(_session, before, after, test, earlier.Schema, _schema);
            return Result(rule, columns.Count(c => c.Keeps), columns.Count, () => []) with
            {
                // Those that moved too far, for whoever mends it.
                Columns = [.. columns.Where(c => !c.Keeps).Select(c => c.Column)],
                ComparedWith = earlier.Version,
            };
        }

        private RuleResult Volume(ContractRule rule)
        {
            var rows = Profiler.Count(_session.Row($"SELECT count(*) FROM {_table}")[0]);
            var isKept = rule.Promise.IsKept(rows, rows);
            return Result(rule, isKept ? 1 : 0, 1, () => []) with { Held = isKept };
        }

        private static RuleResult Result(ContractRule rule, long a, long b, Func<IReadOnlyList<long>> evidence)
        {
            var kind = RuleKind.Of(rule.Test);
            return new RuleResult(
                rule.Id, RuleKind.Version(rule), rule.Path, kind.Name, rule.Test.Columns, RuleKind.Detail(rule),
                kind.Dimension, kind.Code, kind.Characteristic, rule.IsError, a, b, rule.Promise.IsKept(b - a, b),
                a == b ? [] : evidence(), Promise: rule.Promise);
        }

        private IReadOnlyList<long> RowsWhere(string condition) => Numbers(
            $"SELECT {_number} FROM (SELECT row_number() OVER () AS {_number}, * FROM {_table}) AS {_table} "
            + $"WHERE {condition}");

        private List<long> Numbers(string select) =>
        [
            .. _session.Rows($"{select} ORDER BY {_number} LIMIT {EvidenceMax}").Select(r => Profiler.Count(r[0])),
        ];
    }
}
