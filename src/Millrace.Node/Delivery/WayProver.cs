using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Node.Api;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>
/// Acts as the consumer of a contract on each way to read: has what it would be sent built on the real product, looks
/// into it for what is not to be seen, and asks for what is hidden by name.
/// </summary>
public sealed class WayProver(
    IObjectStore objects, ViewStore views, CollectionFiles files, GovernedQuery queries, ViewInspection inspection)
{
    /// <summary>Hidden columns that are asked for by name.</summary>
    private const int HiddenMax = 50;

    /// <summary>What each way sends. Arrow Flight streams the batches of the Arrow file.</summary>
    private static readonly (string Channel, ViewFormat Format)[] _views =
    [
        ("parquet", ViewFormat.Parquet), ("csv", ViewFormat.Csv), ("jsonl", ViewFormat.JsonLines),
        ("arrow", ViewFormat.Arrow), ("sharing", ViewFormat.SnappyParquet),
    ];

    /// <summary>The attempts, each with the path of the clause that forbids it.</summary>
    /// <param name="agreement">As if both sides had signed; nobody has.</param>
    /// <param name="version">The version of the product to look into.</param>
    internal async Task<List<(string Path, Attempt Attempt)>> TryAsync(
        string holder, AgreementRecord agreement, AccessPlan plan, Permit permit, ProductVersionRecord version,
        CancellationToken cancel)
    {
        using var originals = new VersionFiles();
        await originals.OpenAsync(objects, version.Files, cancel);
        var tried = new List<(string Path, Attempt Attempt)>();
        foreach (var (channel, format) in agreement.Query is null ? _views : [("call", ViewFormat.Parquet)])
        {
            using var view = await views.OpenAsync(agreement, holder, plan, format, version, cancel);
            tried.AddRange(Seen(
                await inspection.InspectAsync(originals.Paths, view.Path, format, plan, cancel), plan, permit,
                channel));
            if (channel == "parquet")
                tried.AddRange(await AskAsync(view, originals.Paths, version.Schema, plan, permit, cancel));
        }
        if (version.Source.Format == Engine.Supply.SourceFormat.Files)
            tried.Add((permit.PermissionPath, await FetchAsync(holder, agreement, plan, originals.Paths, cancel)));
        return tried;
    }

    /// <summary>What was found in what a way brings, at the constraints that say what is seen.</summary>
    private static IEnumerable<(string Path, Attempt Attempt)> Seen(
        ViewFindings found, AccessPlan plan, Permit permit, string channel)
    {
        for (var i = 0; i < permit.Permission.Constraints.Count; i++)
        {
            foreach (var attempt in ViewAttempts.Of(permit.Permission.Constraints[i], plan, found, channel))
                yield return ($"{permit.PermissionPath}.constraint[{i}]", attempt);
        }
        // What the holder hides whatever is agreed stands in no clause: it belongs to the permission.
        yield return (permit.PermissionPath, ViewAttempts.Columns(plan, found, channel));
    }

    /// <summary>By SQL: all there is, and by name each column that is hidden.</summary>
    private async Task<IEnumerable<(string Path, Attempt Attempt)>> AskAsync(
        GovernedFile view, IReadOnlyList<string> originals, TableSchema schema, AccessPlan plan, Permit permit,
        CancellationToken cancel)
    {
        var answer = objects.NewFile(".answer");
        var limits = new QueryLimits(view.Rows, Limits.Default.QueryTimeMax);
        Task<BuiltView> Ask(string sql) =>
            queries.RunAsync(view.Path, Question.Free(sql), ViewFormat.Parquet, limits, answer, cancel);
        try
        {
            await Ask($"SELECT * FROM {GovernedQuery.Table}");
            var found = await inspection.InspectAsync(originals, answer, ViewFormat.Parquet, plan, cancel);
            var tried = Seen(found, plan, permit, "sql").ToList();
            var hidden = schema.Columns.Select(c => c.Name).Except(plan.Columns.Select(c => c.Name));
            foreach (var column in hidden.Take(HiddenMax))
                tried.Add((permit.PermissionPath, await HiddenAsync(column, Ask)));
            return tried;
        }
        finally
        {
            File.Delete(answer);
        }
    }

    private static async Task<Attempt> HiddenAsync(string column, Func<string, Task<BuiltView>> ask)
    {
        var code = "allowed";
        try
        {
            var name = column.Replace("\"", "\"\"", StringComparison.Ordinal);
            await ask($"SELECT \"{name}\" FROM {GovernedQuery.Table}");
        }
        catch (QueryException refused)
        {
            code = refused.Code;
        }
        return new Attempt($"to ask for {column}", $"查询列{column}", "sql", code != "allowed", code);
    }

    /// <summary>A file whose row the contract leaves out.</summary>
    private async Task<Attempt> FetchAsync(
        string holder, AgreementRecord agreement, AccessPlan plan, IReadOnlyList<string> originals,
        CancellationToken cancel)
    {
        var what = ("to get a file that is left out", "获取未授权的文件");
        if (await inspection.LeftOutAsync(originals, plan, "path", cancel) is not { } path)
            return new Attempt(what.Item1, what.Item2, "files", true, "none is left out");
        var found = await files.FindAsync(holder, agreement, plan, path, cancel);
        if (found.Refused(out var refusal, out var file))
            return new Attempt(what.Item1, what.Item2, "files", true, refusal.Code);
        file.Dispose();
        return new Attempt(what.Item1, what.Item2, "files", false, "allowed");
    }
}
