using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;
using Term = Millrace.Node.Api.Term;

namespace Millrace.Node.Delivery;

/// <summary>
/// Acts as the consumer of a contract that nobody has signed: asks the gate for each use that it forbids, and tries on
/// each way to read whether the real product shows cells that it must not see.
/// </summary>
public sealed class ClauseProver(Database database, WayProver ways)
{
    /// <summary>No agreement is called so: its pseudonyms have a key that no contract gets.</summary>
    private const string Unsigned = "proof";

    private const string Consumer = "did:web:consumer.invalid";
    private const string AtTheGate = "gate";

    /// <summary>Tries all that the terms forbid; each sentence of them comes back with what was tried.</summary>
    /// <returns>The clauses, and the version of the product that was looked into.</returns>
    public async Task<(int Version, IReadOnlyList<ProvedClause> Clauses)> ProveAsync(
        string holder, ProductRecord product, Policy terms, DateTimeOffset now, CancellationToken cancel)
    {
        var tried = new List<(string Path, Attempt Attempt)>();
        var version = await database.ReadAsync(
            s => ProductVersions.NewestAsync(s, holder, product, cancel), cancel);
        for (var i = 0; i < terms.Permissions.Count; i++)
        {
            var path = $"permission[{i}]";
            if (terms.Permissions[i].Action != Terms.Use)
                continue; // The gate serves reads; what is done with a copy is beyond it.
            var usable = ForbiddenUses.Allowed(terms, path, now);
            if (usable.Refused(out var refusal, out var use) ||
                Gate.Decide(Drafted(product, terms, use), use).Refused(out refusal, out var permit))
            {
                tried.Add((path, new Attempt("a read that it allows", "其所允许的读取", AtTheGate, false, refusal.Code)));
                continue;
            }
            tried.Add((path, new Attempt("a read that it allows", "其所允许的读取", AtTheGate, true, "allowed")));
            if (product.Query is not null)
                tried.Add((path, TheTable(Drafted(product, terms, use).Agreement.Value)));
            foreach (var forbidden in ForbiddenUses.Of(terms, use))
            {
                var held = Gate.Decide(Drafted(product, terms, forbidden.Request), forbidden.Request)
                    .Refused(out refusal, out _);
                tried.Add((forbidden.Path, new Attempt(
                    forbidden.What, forbidden.WhatZh, AtTheGate, held, refusal?.Code ?? "allowed")));
            }
            var access = Drafted(product, terms, use);
            if (Gate.Plan(access, permit).Refused(out refusal, out var plan))
                tried.Add((path, new Attempt("to see anything", "查看数据", AtTheGate, false, refusal.Code)));
            else
                tried.AddRange(
                    await ways.TryAsync(holder, access.Agreement.Value, plan, permit, version, cancel));
        }
        return (version.Number, [.. Shown.Terms(terms).Select(term => Clause(term, tried, Shown.Terms(terms)))]);
    }

    /// <summary>Of a query its table is asked for, which is to be had in no way.</summary>
    private static Attempt TheTable(AgreementRecord agreement)
    {
        var refusal = Gate.Mismatch(agreement, new ReadWish(false, null, null));
        return new Attempt(
            "to read the table itself", "读取数据表本身", AtTheGate, refusal is not null, refusal?.Code ?? "allowed");
    }

    /// <summary>What the gate would find stored, had both sides signed; it never is.</summary>
    private static Access Drafted(ProductRecord product, Policy terms, UseRequest use)
    {
        var request = new TransferRequest(
            Unsigned, Unsigned, Unsigned, DataFormats.Of(product.Query), new Uri("https://consumer.invalid/"), null,
            null);
        var transfer = Protocol.Transfers.Transfer.Open(request, new Parties(Consumer, Consumer), Unsigned) with
        {
            State = TransferState.Started,
        };
        var agreement = new AgreementRecord(
            Unsigned, Role.Provider, Consumer, product.Id, product.Title,
            terms with { Kind = PolicyKind.Agreement }, use.AgreedAt ?? use.Now, null, false, product.Schema,
            product.Hidden, null, Query: product.Query);
        return new Access(
            new("", Unsigned, 0, new(transfer, null, null, null, null, null, use.Now, use.Now, [], null)),
            new("", Unsigned, 0, agreement), new("", Unsigned, 0, UsageRecord.None), use.Claims);
    }

    /// <summary>What was tried belongs to the sentence that stands nearest above it.</summary>
    private static ProvedClause Clause(
        Term term, IReadOnlyList<(string Path, Attempt Attempt)> tried, IReadOnlyList<Term> all)
    {
        var mine = tried.Where(t => Nearest(t.Path, all) == term.Path).Select(t => t.Attempt).ToList();
        var status = mine.Count == 0 ? "not-tried" : mine.All(a => a.Held) ? "held" : "broken";
        return new ProvedClause(term, status, mine);
    }

    private static string? Nearest(string path, IReadOnlyList<Term> all) =>
        all.Select(t => t.Path).Where(p => path == p || path.StartsWith($"{p}.", StringComparison.Ordinal))
            .MaxBy(p => p.Length);
}
