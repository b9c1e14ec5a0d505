using Millrace.Node.Delivery;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Sharing;

/// <summary>Finds what a request names, in the one share that its token opens. All else is not there.</summary>
public sealed class Shares(Database database, Gate gate, Recipients recipients)
{
    /// <summary>The share of the token, if the contract allows any reading now.</summary>
    public async Task<Outcome<Share>> OpenAsync(string participant, HttpContext http, CancellationToken cancel)
    {
        if (await recipients.FindAsync(participant, http.Request.Headers.Authorization, cancel) is not { } access)
            return SharingError.Unknown;
        if (Share.Open(participant, access, gate).Refused(out var refusal, out var share))
        {
            await LogRefusalAsync(access, refusal, cancel);
            return SharingError.Refused(refusal);
        }
        return share;
    }

    /// <summary>The share, if that is its name.</summary>
    public async Task<Outcome<Share>> FindAsync(
        string participant, string name, HttpContext http, CancellationToken cancel)
    {
        if ((await OpenAsync(participant, http, cancel)).Failed(out var error, out var share))
            return error;
        return Same(share.Name, name) ? share : SharingError.NotFound("share");
    }

    /// <summary>A table with its versions, if there is one of these names.</summary>
    public async Task<Outcome<SharedTable>> FindAsync(
        string participant, string share, string schema, string table, HttpContext http, CancellationToken cancel)
    {
        if ((await FindAsync(participant, share, http, cancel)).Failed(out var error, out var found))
            return error;
        if (found.Schemas.FirstOrDefault(s => Same(s.Name, schema)) is not { } inside)
            return SharingError.NotFound("schema");
        if (!Same(found.Table, table))
            return SharingError.NotFound("table");
        var versions = await database.ReadAsync(
            s => ProductVersions.TimesAsync(s, participant, found.Agreement.Product, cancel), cancel);
        return new SharedTable(found, inside, TableHistory.Of(versions, found.Agreement.AgreedAt));
    }

    /// <summary>Logs a refused read of someone who holds a valid token.</summary>
    public Task LogRefusalAsync(Access access, Refusal refusal, CancellationToken cancel) =>
        database.WriteAsync(u => gate.LogRefusalAsync(u, access, refusal, cancel), cancel);

    /// <summary>Whether the contract allows these reads on top of what was had; a refusal is logged.</summary>
    public async Task<SharingError?> AllowAsync(
        SharedTable table, IReadOnlyCollection<GovernedFile> files, CancellationToken cancel)
    {
        var asked = new Storage.Records.UsageRecord(files.Count, files.Sum(f => f.Rows), files.Sum(f => f.Bytes));
        var wish = FileEndpoint.Wish(table.Schema.Permission);
        if (!gate.Decide(table.Share.Access, asked, wish).Refused(out var refusal, out _))
            return null;
        await LogRefusalAsync(table.Share.Access, refusal, cancel);
        return SharingError.Refused(refusal);
    }

    /// <summary>Counts a read before any of it is sent, if the contract allows it.</summary>
    /// <param name="read">Its id: what a URL of it brings belongs to it.</param>
    public async Task<SharingError?> CountAsync(
        SharedTable table, GovernedFile file, string read, CancellationToken cancel)
    {
        var wish = FileEndpoint.Wish(table.Schema.Permission) with { Url = read };
        var counted = await database.WriteAsync(
            u => gate.ReserveAsync(
                u, table.Share.Participant, table.Share.Access.Transfer.Id, file, new FilePart(0, 0), wish, cancel),
            cancel);
        return counted.Refused(out var refusal, out _) ? SharingError.Refused(refusal) : null;
    }

    /// <summary>Names are compared without regard to case.</summary>
    internal static bool Same(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
