using System.Text.Json.Serialization;

namespace Millrace.Node.Sources;

/// <summary>Where a table comes from that nobody uploads. It holds no secret, and so can be shown and logged.</summary>
/// <param name="Kind"><c>postgresql</c>, <c>sqlite</c>, <c>http</c> or <c>s3</c>.</param>
/// <param name="Connection">Of PostgreSQL: host, port, database, user name and SSL mode, as Npgsql writes them.</param>
/// <param name="PasswordFrom">The environment variable of the node that has the password.</param>
/// <param name="Table">Of a database: the table, with its schema or without, spelt as it is there.</param>
/// <param name="Query">Of a database, instead of a table: one SELECT.</param>
/// <param name="Path">Of SQLite: the file.</param>
/// <param name="Endpoint">Of S3: the store; null: Amazon's.</param>
/// <param name="Key">Of S3: the one object.</param>
/// <param name="Prefix">Of S3, instead of a key: all objects whose keys begin so, in the order of their keys.</param>
/// <param name="KeyIdFrom">The environment variable of the node that has the id of the key of S3.</param>
/// <param name="SecretFrom">The one that has its secret.</param>
/// <param name="RowsPerSecond">Of a database: read no faster than that; null: as fast as it goes.</param>
/// <param name="Incremental">
/// Of a database, or a prefix of S3: a refresh reads only rows, or objects, that came since; null: all of them.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SourceDocument(
    string Kind,
    string? Connection = null,
    string? PasswordFrom = null,
    string? Table = null,
    string? Query = null,
    string? Path = null,
    string? Url = null,
    string? Endpoint = null,
    string? Region = null,
    string? Bucket = null,
    string? Key = null,
    string? Prefix = null,
    string? KeyIdFrom = null,
    string? SecretFrom = null,
    int? RowsPerSecond = null,
    IncrementalReading? Incremental = null)
{
    /// <summary>The query without what ends it: others are put around it.</summary>
    internal string? Statement => Query?.TrimEnd() is [.. var select, ';'] ? select : Query;

    /// <summary>As it stands in the log: what follows the ? of an address may be a key to it.</summary>
    public SourceDocument Told() => Uri.TryCreate(Url, UriKind.Absolute, out var url)
        ? this with
        {
            Url = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
        }
        : this;
}
