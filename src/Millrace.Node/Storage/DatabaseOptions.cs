namespace Millrace.Node.Storage;

/// <summary>Where the control state lives.</summary>
/// <param name="ConnectionString">
/// A PostgreSQL connection string (<c>Host=…;Database=…</c>), or null for SQLite.
/// </param>
/// <param name="SqliteFile">The SQLite database file, used when there is no connection string.</param>
public sealed record DatabaseOptions(string? ConnectionString, string SqliteFile)
{
    public bool IsPostgres => ConnectionString is not null;
}
