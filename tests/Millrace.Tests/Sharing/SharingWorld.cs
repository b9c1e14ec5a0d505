using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Sharing;

/// <summary>What the tests of sharing have in common: a contract with its reader, and the rows of a file.</summary>
internal static class SharingWorld
{
    public const string Trips = "id,city,who\n1,ORD,alice\n2,MDW,bob\n3,ORD,carol\n";

    /// <summary>A contract over a table, and a reader with its token.</summary>
    public static async Task<Reader> ReadAsync(
        this RawPeer peer, TestParticipant holder, string csv = Trips, JsonObject? offer = null,
        string name = "trips")
    {
        var product = await holder.PublishAsync(csv, offer, name);
        var agreement = await peer.AgreeAsync(holder, product);
        var access = await peer.AccessAsync(holder, agreement);
        return new Reader(product, agreement, access, new SharingClient(holder, agreement, access.Token, name));
    }

    /// <summary>The rows of a Parquet file, as another DuckDB reads them.</summary>
    public static List<string?[]> Rows(SharingReply file)
    {
        Assert.True((int)file.Status == 200, file.Text);
        using var workshop = new Workshop();
        workshop.File("out.parquet", file.Body);
        return workshop.Cells();
    }

    public static async Task<List<string?[]>> RowsAsync(this SharingReply query) =>
        Rows(await SharingClient.FileAsync(query.Url));
}

internal sealed record Reader(Product Product, string Agreement, DataAccess Access, SharingClient Client);
