using Microsoft.Data.Sqlite;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using Npgsql;

namespace Millrace.Tests.Sources;

/// <summary>Tables on real servers, to be read as sources.</summary>
internal static class ServerTables
{
    /// <summary>A new database on the PostgreSQL of the test run.</summary>
    /// <returns>A source without table or query.</returns>
    public static async Task<SourceDocument> PostgresAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(await TestNode.NewDatabaseAsync());
        var source = new SourceDocument(
            "postgresql",
            $"Host={server.Host};Port={server.Port};Database={server.Database};Username={server.Username}");
        await AskAsync(source, sql);
        return source;
    }

    /// <summary>The first cell of what a statement answers.</summary>
    public static async Task<object?> AskAsync(SourceDocument source, string sql)
    {
        await using var connection = new NpgsqlConnection(source.Connection);
        await connection.OpenAsync(TestNode.Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestNode.Cancel);
    }

    /// <summary>Runs statements on the file shop.db of a folder.</summary>
    public static string Sqlite(string folder, string sql)
    {
        var path = Path.Combine(folder, "shop.db");
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
        return path;
    }
}
