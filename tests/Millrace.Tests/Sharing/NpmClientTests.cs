using System.Text.Json;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>A client that others wrote: the package delta-sharing of npm, as it is.</summary>
public sealed class NpmClientTests(TwoNodes nodes)
{
    // It asks for danfojs-node, which would fetch a binary from elsewhere; only its data frames would need that.
    private const string Package =
        """
        {
          "private": true,
          "dependencies": { "delta-sharing": "0.0.2", "request": "2.88.2" },
          "overrides": { "danfojs-node": "file:./frames" }
        }
        """;

    private const string Frames = """{ "name": "danfojs-node", "version": "1.1.2", "main": "index.js" }""";

    private const string Script =
        """
        const { DataSharingRestClient } = require('delta-sharing/rest-client.js');
        const { DeltaSharingReader } = require('delta-sharing/reader.js');
        (async () => {
          const text = require('fs').readFileSync('a.share', 'utf8');
          const rest = new DataSharingRestClient(JSON.parse(text));
          const shares = (await rest.listSharesAsync()).shares;
          const schemas = (await rest.listSchemasAsync(shares[0])).schemas;
          const tables = (await rest.listTablesAsync(schemas[0])).tables;
          const all = (await rest.listAllTablesAsync(shares[0])).tables;
          const metadata = (await rest.queryTableMetadataAsync(tables[0])).metadata;
          const rows = await new DeltaSharingReader(tables[0], rest).createDataArray();
          console.log(JSON.stringify({
            share: shares[0].shareName, schema: schemas[0].schemaName, table: tables[0].tableName, all: all.length,
            columns: JSON.parse(metadata.schemaString).fields.map(f => f.name), rows,
          }, (_, v) => typeof v === 'bigint' ? Number(v) : Buffer.isBuffer(v) ? v.toString() : v));
        })().catch(e => { console.error(e.message, e.response && e.response.data); process.exit(1); });
        """;

    [Fact]
    public async Task It_lists_the_table_and_reads_its_rows()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(
            holder, offer: Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1")));
        using var folder = new NpmFolder();
        await folder.WriteAsync("package.json", Package);
        await folder.WriteAsync("frames/package.json", Frames);
        await folder.WriteAsync("frames/index.js", "exports.DataFrame = class {};\n");
        await folder.WriteAsync("read.js", Script);
        await folder.WriteAsync(
            "a.share",
            JsonSerializer.Serialize(new
            {
                shareCredentialsVersion = 1, endpoint = reader.Client.Root, bearerToken = reader.Access.Token,
            }));
        await folder.InstallAsync();
        // It waits two seconds at most: the view is made before.
        await reader.Client.GetAsync($"{reader.Client.Table}/metadata");
        var read = JsonElement.Parse(await folder.RunAsync("node", "read.js"));
        Assert.Equal(
            (reader.Client.Share, "data", "trips", 1),
            (read.GetProperty("share").GetString(), read.GetProperty("schema").GetString(),
                read.GetProperty("table").GetString(), read.GetProperty("all").GetInt32()));
        Assert.Equal("""["id","who"]""", read.GetProperty("columns").GetRawText());
        Assert.Equal("""[{"id":1,"who":"a"},{"id":3,"who":"c"}]""", read.GetProperty("rows").GetRawText());
        var used = await holder.AgreementAsync(reader.Agreement);
        Assert.Equal((1, 2), (used.Reads, used.Rows));
    }
}
