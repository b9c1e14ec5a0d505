using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Node.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>
/// The lines of an answer about a table, in the parquet or the delta format. Sizes, counts and statistics are those of
/// the files that are sent, never of what they were made from.
/// </summary>
internal sealed class TableLines(bool isDelta, SharedTable table)
{
    public JsonObject Protocol() => Line(
        "protocol",
        isDelta
            ? new JsonObject
            {
                ["deltaProtocol"] = new JsonObject { ["minReaderVersion"] = 1, ["minWriterVersion"] = 1 },
            }
            : new JsonObject { ["minReaderVersion"] = 1 });

    /// <param name="schema">The text of <see cref="SparkSchema"/>.</param>
    public JsonObject Metadata(GovernedFile whole, string schema)
    {
        var about = new JsonObject
        {
            ["id"] = table.Id,
            ["name"] = table.Share.Agreement.Title,
            ["format"] = isDelta
                ? new JsonObject { ["provider"] = "parquet", ["options"] = new JsonObject() }
                : new JsonObject { ["provider"] = "parquet" },
            ["schemaString"] = schema,
            ["partitionColumns"] = new JsonArray(),
            ["configuration"] = new JsonObject
            {
                [isDelta ? "delta.enableChangeDataFeed" : "enableChangeDataFeed"] = "true",
            },
        };
        var line = isDelta ? new JsonObject { ["deltaMetadata"] = about } : about;
        line["version"] = whole.Version;
        line["size"] = whole.Bytes;
        line["numFiles"] = whole.Rows == 0 ? 0 : 1;
        line["accessModes"] = new JsonArray("url");
        return Line("metaData", line);
    }

    /// <param name="action"><c>file</c>, <c>add</c>, <c>remove</c> or <c>cdf</c>.</param>
    /// <param name="version">The version that it belongs to, and when that was published.</param>
    public JsonObject File(string action, SignedUrl url, int version, DateTimeOffset published)
    {
        var about = isDelta ? Delta(action, url, published) : Plain(action, url);
        about["version"] = version;
        about["timestamp"] = published.ToUnixTimeMilliseconds();
        about["expirationTimestamp"] = url.Until.ToUnixTimeMilliseconds();
        return Line(isDelta ? "file" : action, about);
    }

    /// <summary>The last line: about the answer itself.</summary>
    public static JsonObject End(string? refresh, string? next, DateTimeOffset? until)
    {
        var end = new JsonObject();
        if (refresh is not null)
            end["refreshToken"] = refresh;
        if (next is not null)
            end["nextPageToken"] = next;
        if (until is { } first)
            end["minUrlExpirationTimestamp"] = first.ToUnixTimeMilliseconds();
        return Line("endStreamAction", end);
    }

    private static JsonObject Plain(string action, SignedUrl url)
    {
        var about = new JsonObject
        {
            ["url"] = url.Url.AbsoluteUri,
            ["id"] = url.File.Sha256,
            ["partitionValues"] = new JsonObject(),
            ["size"] = url.File.Bytes,
        };
        if (action is "file" or "add")
            about["stats"] = Statistics(url.File);
        return about;
    }

    private static JsonObject Delta(string action, SignedUrl url, DateTimeOffset published)
    {
        var single = new JsonObject
        {
            ["path"] = url.Url.AbsoluteUri,
            ["partitionValues"] = new JsonObject(),
            ["size"] = url.File.Bytes,
            ["dataChange"] = action != "cdf",
        };
        if (action == "remove")
            single["deletionTimestamp"] = published.ToUnixTimeMilliseconds();
        if (action is "file" or "add")
        {
            single["modificationTime"] = published.ToUnixTimeMilliseconds();
            single["stats"] = Statistics(url.File);
        }
        var name = action switch { "file" => "add", "cdf" => "cdc", _ => action };
        return new JsonObject
        {
            ["id"] = url.File.Sha256,
            ["deltaSingleAction"] = new JsonObject { [name] = single },
        };
    }

    private static string Statistics(GovernedFile file) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"numRecords":{{file.Rows}}}""");

    private static JsonObject Line(string name, JsonObject content) => new() { [name] = content };
}
