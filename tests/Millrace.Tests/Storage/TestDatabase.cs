using Millrace.Node;
using Millrace.Node.Storage;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

/// <summary>A database without a node. What opens it is disposed with it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-database-");
    private readonly List<Database> _opened = [];
    private DatabaseOptions _options = null!;

    public static CancellationToken Cancel => TestNode.Cancel;

    public static async Task<TestDatabase> CreateAsync(string database)
    {
        var created = new TestDatabase();
        created._options = new DatabaseOptions(
            database == "postgresql" ? await TestNode.NewDatabaseAsync() : null,
            Path.Combine(created._folder.FullName, "test.db"));
        return created;
    }

    /// <summary>Opens it (once more), as a node does.</summary>
    public async Task<Database> OpenAsync(Limits? limits = null)
    {
        var database = await Database.OpenAsync(_options, limits ?? Limits.Default, Cancel);
        lock (_opened)
            _opened.Add(database);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _opened)
            await database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
