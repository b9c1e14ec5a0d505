using Millrace.Node.Api;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Portal.Parts;
using Millrace.Node.Products;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Portal;

/// <summary>What the columns of a product hold, decided by a person; and what they meet.</summary>
internal static class ElementPages
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/products/{id}/elements", DecideAsync);
        participant.MapGet("/products/{id}/joins", JoinsAsync);
    }

    private static async Task<IResult> DecideAsync(
        string participant, string id, HttpContext http, Database database, ElementDecisions decisions,
        CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var (column, element) = (form["column"].ToString(), form["element"].ToString());
        if (element.Length == 0)
        {
            var elements = await ElementEndpoints.ReadAsync(participant, id, database, cancel);
            element = elements?.Columns.FirstOrDefault(c => c.Column == column)?.Proposed?.Element.Element ?? "";
            if (element.Length == 0)
                return Refused(http, new Refusal(
                    "nothing-proposed", $"Nothing is proposed for {column}: choose the element that it holds."));
        }
        var draft = new ElementDraft(
            column, form["person"].ToString(), form["reason"].ToString(),
            element == ElementTable.Reject ? null : element);
        return (await decisions.DecideAsync(participant, id, draft, cancel)).Refused(out var refusal, out _)
            ? Refused(http, refusal)
            : new SeeOther($"/portal/{participant}/products/{Uri.EscapeDataString(id)}#elements");
    }

    private static async Task<IResult> JoinsAsync(
        string participant, string id, HttpContext http, JoinSearch search, Database database,
        CancellationToken cancel)
    {
        if (await ProductEndpoints.ReadAsync(participant, id, database, cancel) is not { } product)
            return PortalGuard.Missing(http);
        return Check.NotNull(await search.FindAsync(participant, id, cancel)).Refused(out var refusal, out var joins)
            ? Refused(http, refusal)
            : PortalPage.Of<JoinsPage>(http, Texts.Joins, new JoinsModel(product, joins));
    }

    private static IResult Refused(HttpContext http, Refusal refusal) =>
        PortalPage.Refused(http, Texts.NotDone, refusal, 409);
}
