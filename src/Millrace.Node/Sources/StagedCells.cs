using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Millrace.Node.Sources;

/// <summary>
/// Rows of any cells, in a file of their own: written once, in their order, and read back as they were. No column of
/// it has a type, so that each cell keeps its own.
/// </summary>
internal sealed class StagedCells : IAsyncDisposable
{
    private readonly string _path;
    private readonly int _width;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    /// <param name="path">A file that is not there yet; it is deleted with this.</param>
    public StagedCells(string path, int width)
    {
        (_path, _width) = (path, width);
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        _connection.Open();
        // What a crash would leave of it is of no use to anybody.
        Run($"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE staged ({Each("c")}); BEGIN");
        _insert = new SqliteCommand($"INSERT INTO staged VALUES ({Each("@c")})", _connection);
        for (var i = 0; i < width; i++)
            _insert.Parameters.Add(new SqliteParameter($"@c{i}", null));
    }

    /// <param name="cells">Whole numbers, numbers, texts and <see cref="DBNull"/>.</param>
    public void Add(object[] cells)
    {
        for (var i = 0; i < _width; i++)
            _insert.Parameters[i].Value = cells[i];
        _insert.ExecuteNonQuery();
    }

    /// <summary>Once all are added.</summary>
    public DbDataReader Read()
    {
        Run("COMMIT");
        return new SqliteCommand("SELECT * FROM staged ORDER BY rowid", _connection).ExecuteReader();
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
        File.Delete(_path);
    }

    private string Each(string name) =>
        string.Join(", ", Enumerable.Range(0, _width).Select(i => $"{name}{i}"));

    private void Run(string sql)
    {
        using var command = new SqliteCommand(sql, _connection);
        command.ExecuteNonQuery();
    }
}
