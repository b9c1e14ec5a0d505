using System.Text.Json;
using Millrace.Engine.Supply.Classification;
using Millrace.Log;
using Millrace.Node.Agreements;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Metering;
using Millrace.Node.Negotiations;
using Millrace.Node.Participants;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Products;
using Millrace.Node.Scenarios;
using Millrace.Node.Storage;

namespace Millrace.Node.Portal;

/// <summary>The portal for people: pages made on the server out of what the features read; no script.</summary>
public static class PortalEndpoints
{
    private const int NewestOnOverview = 5;
    private const int EntriesOnPage = 50;

    public static void Map(IEndpointRouteBuilder node)
    {
        PortalAssets.Map(node);
        var pages = node.MapGroup("").WithMetadata(new PortalRoute()).AddEndpointFilter(PortalGuard.ProtectAsync);
        SignInEndpoints.Map(pages);
        var guarded = pages.MapGroup("")
            .AddEndpointFilter(ManagementAccess.RequireSignInAsync).AddEndpointFilter(PortalGuard.MarkSignedInAsync);
        guarded.MapGet("/", HomeAsync);
        guarded.MapGet("/portal/{**rest}", PortalGuard.Missing);
        var participant = guarded.MapGroup("/portal/{participant}")
            .AddEndpointFilter(PortalGuard.RequireParticipantAsync);
        participant.MapGet("", OverviewAsync);
        participant.MapGet("/products/{id}", ProductAsync);
        participant.MapPost("/products/{id}/classification", DecideAsync);
        CataloguePages.Map(participant);
        NegotiationPages.Map(participant);
        ProposalPages.Map(participant);
        ProofPages.Map(participant);
        MeasurePages.Map(participant);
        ElementPages.Map(participant);
        TransferPages.Map(participant);
        AgreementPages.Map(participant);
        participant.MapGet("/evidence", EvidenceAsync);
        participant.MapPost("/evidence", VerifyAsync);
        participant.MapGet("/evidence/checkpoint", EvidenceEndpoints.CheckpointAsync);
        participant.MapGet("/evidence/{index:long}/entry", EvidenceEndpoints.EntryAsync);
        participant.MapGet("/evidence/{index:long}/receipt", EvidenceEndpoints.ReceiptAsync);
        participant.MapGet("/usage", UsageAsync);
        participant.MapGet("/scenarios", ScenariosAsync);
    }

    private static async Task<IResult> HomeAsync(
        HttpContext http, NodeOptions options, Database database, NodeAddress address, LocalParticipants locals,
        CancellationToken cancel)
    {
        var all = await locals.ListAsync(cancel);
        var model = new HomeModel(
            address.Public, database.IsPostgres ? "PostgreSQL" : "SQLite", options.DataFolder,
            [.. all.Select(p => ParticipantEndpoints.Shown(p, address))]);
        return PortalPage.Of<HomePage>(http, Texts.Participants, model);
    }

    private static async Task<IResult> OverviewAsync(
        string participant, HttpContext http, Database database, Clock clock, CancellationToken cancel)
    {
        var model = new OverviewModel(
            await ProductEndpoints.ReadAllAsync(participant, database, cancel),
            await AgreementEndpoints.NewestAsync(
                participant, null, Limits.Default.PageMax, database, clock, cancel),
            await EvidenceEndpoints.ReadAsync(
                participant, -NewestOnOverview, NewestOnOverview, database, clock, cancel),
            await ScenarioEndpoints.ReadAllAsync(participant, database, cancel),
            await NegotiationManagement.CountWaitingAsync(participant, database, cancel));
        return PortalPage.Of<OverviewPage>(http, Protocol.Check.NotNull(http.Features.Get<Participant>()).Title, model);
    }

    /// <param name="version">The number of a version; without it the latest.</param>
    private static async Task<IResult> ProductAsync(
        string participant, string id, string? version, HttpContext http, Database database, CancellationToken cancel)
    {
        var product = await ProductEndpoints.ReadAsync(participant, id, database, cancel);
        // The newest ones are listed with any of them; an older one with those before it.
        if (product is not null && int.TryParse(version, out var number) && number < product.Versions[0].Number)
            product = await ProductEndpoints.ReadAsync(participant, id, database, cancel, before: number + 1);
        var shown = string.IsNullOrEmpty(version)
            ? product?.Latest
            : product?.Versions.FirstOrDefault(v => $"{v.Number}" == version);
        if (product is null || shown is null)
            return PortalGuard.Missing(http);
        var profile = Protocol.Check.NotNull(shown.Profile.Deserialize(RecordJson.Rows.TableProfile));
        var quality = shown.Quality.Deserialize(RecordJson.Rows.QualityReport);
        var elements = await ElementEndpoints.ReadAsync(participant, id, database, cancel);
        return PortalPage.Of<ProductPage>(
            http, product.Title,
            new ProductModel(
                product, shown, ShownProfile.Of(profile, c => shown.Sensitive?.Contains(c) ?? true),
                Protocol.Check.NotNull(quality), Protocol.Check.NotNull(elements)));
    }

    private static async Task<IResult> DecideAsync(
        string participant, string id, HttpContext http, LevelDecisions decisions, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var draft = new LevelDraft(
            form["column"].ToString(), int.TryParse(form["level"], out var level) ? level : 0,
            form["person"].ToString(), form["reason"].ToString());
        return (await decisions.DecideAsync(participant, id, draft, cancel)).Refused(out var refusal, out _)
            ? PortalPage.Refused(http, Texts.NotDecided, refusal, 409)
            : new SeeOther($"/portal/{participant}/products/{Uri.EscapeDataString(id)}#sensitivity");
    }

    /// <param name="before">Shows the entries before this one; without it the newest.</param>
    private static async Task<IResult> EvidenceAsync(
        string participant, string? before, HttpContext http, Database database, LogKeys keys, NodeAddress address,
        Clock clock, CancellationToken cancel)
    {
        var isOlder = long.TryParse(before, out var end) && end > 0;
        var from = isOlder ? Math.Max(0, end - EntriesOnPage) : -EntriesOnPage;
        var count = isOlder ? (int)Math.Min(end, EntriesOnPage) : EntriesOnPage;
        return PortalPage.Of<LogPage>(
            http, Texts.Evidence,
            await EvidenceOfAsync(participant, from, count, null, database, keys, address, clock, cancel));
    }

    private static async Task<IResult> VerifyAsync(
        string participant, HttpContext http, EvidenceAudit audit, Database database, LogKeys keys,
        NodeAddress address, Clock clock, CancellationToken cancel)
    {
        var verdict = await audit.RunAsync(participant, cancel);
        return PortalPage.Of<LogPage>(
            http, Texts.Evidence,
            await EvidenceOfAsync(
                participant, -EntriesOnPage, EntriesOnPage, verdict, database, keys, address, clock, cancel));
    }

    private static async Task<EvidenceModel> EvidenceOfAsync(
        string participant, long from, int count, EvidenceVerdict? verdict, Database database, LogKeys keys,
        NodeAddress address, Clock clock, CancellationToken cancel)
    {
        var page = await EvidenceEndpoints.ReadAsync(participant, from, count, database, clock, cancel);
        var note = await EvidenceEndpoints.ReadCheckpointAsync(participant, database, cancel);
        var head = note is null ? null : Checkpoint.Parse(SignedNote.Parse(note).Body);
        return new EvidenceModel(
            page, head is null ? null : new TreeHead(head.Origin, head.Size, Convert.ToHexStringLower(head.Root)),
            await EvidenceEndpoints.ReadKeyAsync(participant, keys, address, cancel), verdict);
    }

    private static async Task<IResult> UsageAsync(
        string participant, HttpContext http, Database database, CancellationToken cancel) =>
        PortalPage.Of<UsagePage>(
            http, Texts.UsageTitle, await UsageEndpoints.ReadAsync(participant, database, cancel));

    private static async Task<IResult> ScenariosAsync(
        string participant, HttpContext http, Database database, CancellationToken cancel) =>
        PortalPage.Of<ScenariosPage>(
            http, Texts.Scenarios, await ScenarioEndpoints.ReadAllAsync(participant, database, cancel));
}
