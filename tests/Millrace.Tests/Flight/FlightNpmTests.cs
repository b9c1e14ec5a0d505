using System.Text.Json;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Flight;

/// <summary>
/// A client of another language and another implementation of gRPC: the packages @grpc/grpc-js and apache-arrow of npm,
/// over the messages of the protocol that reading needs.
/// </summary>
public sealed class FlightNpmTests(TwoNodes nodes)
{
    private const string Package =
        """
        {
          "private": true,
          "dependencies": { "@grpc/grpc-js": "1.14.7", "@grpc/proto-loader": "0.8.1", "apache-arrow": "21.2.0" }
        }
        """;

    private const string Protocol =
        """
        syntax = "proto3";
        package arrow.flight.protocol;
        service FlightService {
          rpc ListFlights(Criteria) returns (stream FlightInfo);
          rpc GetFlightInfo(FlightDescriptor) returns (FlightInfo);
          rpc GetSchema(FlightDescriptor) returns (SchemaResult);
          rpc DoGet(Ticket) returns (stream FlightData);
        }
        enum Kind { UNKNOWN = 0; PATH = 1; CMD = 2; }
        message Criteria { bytes expression = 1; }
        message FlightDescriptor { Kind type = 1; bytes cmd = 2; repeated string path = 3; }
        message SchemaResult { bytes schema = 1; }
        message Ticket { bytes ticket = 1; }
        message Location { string uri = 1; }
        message FlightEndpoint { Ticket ticket = 1; repeated Location location = 2; }
        message FlightInfo {
          bytes schema = 1;
          FlightDescriptor flight_descriptor = 2;
          repeated FlightEndpoint endpoint = 3;
          int64 total_records = 4;
          int64 total_bytes = 5;
        }
        message FlightData { FlightDescriptor flight_descriptor = 1; bytes data_header = 2; bytes data_body = 1000; }
        """;

    private const string Script =
        """
        const grpc = require('@grpc/grpc-js');
        const arrow = require('apache-arrow');
        const { address, token, participant, agreement } = JSON.parse(require('fs').readFileSync('ask.json', 'utf8'));
        const loaded = require('@grpc/proto-loader').loadSync('flight.proto', { keepCase: true, longs: Number });
        const { FlightService } = grpc.loadPackageDefinition(loaded).arrow.flight.protocol;
        const client = new FlightService(address, grpc.credentials.createInsecure());
        const held = new grpc.Metadata();
        held.set('authorization', `Bearer ${token}`);
        const all = async stream => { const got = []; for await (const one of stream) got.push(one); return got; };
        const one = (method, request) => new Promise((done, failed) =>
          client[method](request, held, (error, answer) => error ? failed(error) : done(answer)));
        // Flight sends the messages of an Arrow stream in two parts, without their prefix.
        const framed = ({ data_header: header, data_body: body }) => {
          const padded = Buffer.alloc((header.length + 7) & ~7);
          header.copy(padded);
          const prefix = Buffer.alloc(8);
          prefix.writeInt32LE(-1, 0);
          prefix.writeInt32LE(padded.length, 4);
          return Buffer.concat([prefix, padded, body ?? Buffer.alloc(0)]);
        };
        const names = bytes => arrow.tableFromIPC(bytes).schema.fields.map(f => f.name);
        (async () => {
          const descriptor = { type: 'PATH', path: [participant, agreement] };
          const listed = await all(client.ListFlights({ expression: Buffer.from(participant) }, held));
          const info = await one('GetFlightInfo', descriptor);
          const schema = await one('GetSchema', descriptor);
          const data = await all(client.DoGet(info.endpoint[0].ticket, held));
          const table = arrow.tableFromIPC(Buffer.concat(data.map(framed)));
          const refused = await all(client.DoGet(info.endpoint[0].ticket, held)).catch(e => e);
          console.log(JSON.stringify({
            path: listed[0].flight_descriptor.path, records: info.total_records, bytes: info.total_bytes,
            columns: names(info.schema), same: names(schema.schema),
            rows: table.toArray().map(r => r.toJSON()), code: refused.code, details: refused.details,
          }, (_, v) => typeof v === 'bigint' ? Number(v) : v));
          client.close();
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    [Fact]
    public async Task It_lists_asks_and_reads_and_is_told_why_it_may_not_read_again()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(
            holder,
            offer: Odrl.Offer(
                Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1"), Odrl.Count(1)));
        using var folder = new NpmFolder();
        await folder.WriteAsync("package.json", Package);
        await folder.WriteAsync("flight.proto", Protocol);
        await folder.WriteAsync("read.js", Script);
        await folder.WriteAsync(
            "ask.json",
            JsonSerializer.Serialize(new
            {
                address = holder.Node.Flight.Authority, token = reader.Access.Token, participant = holder.Id,
                agreement = reader.Agreement,
            }));
        await folder.InstallAsync();
        var read = JsonElement.Parse(await folder.RunAsync("node", "read.js"));

        Assert.Equal($"""["{holder.Id}","{reader.Agreement}"]""", read.GetProperty("path").GetRawText());
        Assert.Equal("""["id","who"]""", read.GetProperty("columns").GetRawText());
        Assert.Equal("""["id","who"]""", read.GetProperty("same").GetRawText());
        Assert.Equal("""[{"id":1,"who":"a"},{"id":3,"who":"c"}]""", read.GetProperty("rows").GetRawText());
        Assert.Equal(7, read.GetProperty("code").GetInt32()); // PERMISSION_DENIED
        Assert.EndsWith(
            "(count-used-up, rule permission[0].constraint[3])", read.GetProperty("details").GetString(),
            StringComparison.Ordinal);
        var used = await holder.AgreementAsync(reader.Agreement);
        Assert.Equal(
            (1, read.GetProperty("records").GetInt64(), read.GetProperty("bytes").GetInt64()),
            (used.Reads, used.Rows, used.Bytes));
    }
}
