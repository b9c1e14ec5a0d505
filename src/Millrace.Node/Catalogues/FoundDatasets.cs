using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Node.Storage.Search;

namespace Millrace.Node.Catalogues;

/// <summary>The data sets of others that were read: kept with an index of their words, and found again.</summary>
public sealed class FoundDatasets(Database database, Clock clock)
{
    // Everybody's writes wait while one unit runs: it stays short.
    private const int AtOnce = 50;

    /// <summary>Keeps a page of a catalogue; what has not changed is left alone.</summary>
    /// <returns>How many data sets are new or have changed.</returns>
    public async Task<int> SaveAsync(
        string participant, IReadOnlyList<FoundDatasetRecord> page, CancellationToken cancel)
    {
        var changed = 0;
        foreach (var part in page.DistinctBy(d => d.Id).Chunk(AtOnce))
            changed += await SavePartAsync(participant, part, cancel);
        return changed;
    }

    /// <summary>To be told while much is saved, so that it is found soon.</summary>
    public Task MeasureAsync(CancellationToken cancel) => TermTable.MeasureAsync(database, cancel);

    /// <summary>Removes what a provider no longer lists.</summary>
    /// <param name="listed">The ids of rows that it does list.</param>
    public async Task RemoveOthersAsync(
        string participant, string provider, IReadOnlySet<string> listed, CancellationToken cancel)
    {
        var kept = await database.ReadAsync(
            s => s.QueryAsync(
                "SELECT id FROM found_dataset WHERE participant = @participant AND provider = @provider",
                [("participant", participant), ("provider", provider)], row => row.GetString(0), cancel),
            cancel);
        foreach (var ids in kept.Where(id => !listed.Contains(id)).Chunk(AtOnce))
        {
            await database.WriteAsync(
                async unit =>
                {
                    var rows = await Tables.FoundDatasets.ListAsync(unit, participant, ids, cancel);
                    await IndexAsync(
                        unit, participant,
                        [.. rows.Select(r => (r.Id, (Document?)r.Value.Document(), (Document?)null))], cancel);
                    await Tables.FoundDatasets.DeleteAsync(unit, participant, ids, cancel);
                },
                cancel);
        }
    }

    /// <summary>The data sets that hold all terms, the best first.</summary>
    /// <param name="providers">Whose; null: everybody's.</param>
    public Task<IReadOnlyList<FoundDatasetRecord>> FindAsync(
        string participant, IReadOnlyList<string> terms, IReadOnlyList<string>? providers, int skip, int limit,
        CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<FoundDatasetRecord>>(
            async session =>
            {
                if (providers is null)
                    return await TakeAsync(session, participant, terms, null, skip, limit, cancel);
                var found = new List<FoundDatasetRecord>();
                foreach (var provider in providers.TakeWhile(_ => found.Count < skip + limit))
                    found.AddRange(await TakeAsync(
                        session, participant, terms, provider, 0, skip + limit - found.Count, cancel));
                return [.. found.Skip(skip)];
            },
            cancel);

    private Task<int> SavePartAsync(string participant, FoundDatasetRecord[] part, CancellationToken cancel)
    {
        var rows = part.ToDictionary(d => FoundDatasetRecord.IdOf(d.Provider, d.Id), StringComparer.Ordinal);
        return database.WriteAsync(
            async unit =>
            {
                var changed = await Tables.FoundDatasets.SaveChangedAsync(unit, participant, rows, cancel);
                var changes = from c in changed
                    select (c.After.Id, c.Before?.Value.Document(), (Document?)c.After.Value.Document());
                await IndexAsync(unit, participant, [.. changes], cancel);
                return changed.Count;
            },
            cancel);
    }

    private async Task<IReadOnlyList<FoundDatasetRecord>> TakeAsync(
        Session session, string participant, IReadOnlyList<string> terms, string? provider, int skip, int limit,
        CancellationToken cancel)
    {
        var ids = terms.Count == 0
            ? await ListAsync(session, participant, provider, skip, limit, cancel)
            : await Tables.FoundTerms.FindAsync(
                session, participant,
                provider is null ? terms : [.. terms, FoundDatasetRecord.ProviderTerm(provider)],
                skip, limit, clock.Limits.CandidatesMax, cancel);
        var rows = (await Tables.FoundDatasets.ListAsync(session, participant, ids.ToArray(), cancel))
            .ToDictionary(r => r.Id, StringComparer.Ordinal);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id].Value)];
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        Session session, string participant, string? provider, int skip, int limit, CancellationToken cancel) =>
        await session.QueryAsync(
            $"""
             SELECT id FROM found_dataset
             WHERE participant = @participant{(provider is null ? "" : " AND provider = @provider")}
             ORDER BY provider, dataset LIMIT @limit OFFSET @skip
             """,
            [
                ("participant", participant), ("limit", limit), ("skip", skip),
                .. provider is null ? [] : new (string, object?)[] { ("provider", provider) },
            ],
            row => row.GetString(0), cancel);

    private Task IndexAsync(
        Unit unit, string participant, IReadOnlyList<(string Id, Document? Before, Document? After)> changes,
        CancellationToken cancel) =>
        Tables.FoundTerms.ChangeAsync(unit, participant, changes, clock.Limits.TermsPerDocumentMax, cancel);
}
