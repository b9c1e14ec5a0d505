using System.Globalization;
using System.Reflection;

namespace Millrace.Node.Storage;

/// <summary>
/// Numbered scripts, embedded in the program, each applied once and in order. One text serves both databases: their
/// shared types are TEXT, BIGINT and BYTEA (which SQLite reads as a type of its own and stores blobs in unchanged).
/// </summary>
internal static class Migrations
{
    public static async Task ApplyAsync(Link link, bool isPostgres, CancellationToken cancel)
    {
        await using var transaction = await link.Connection.BeginTransactionAsync(cancel);
        var unit = new Unit(link, new GroupWrites(link, transaction));
        if (isPostgres) // Two nodes may start at once.
            await unit.ExecuteAsync("SELECT pg_advisory_xact_lock(4242)", [], cancel);
        await unit.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)", [], cancel);
        var applied = await unit.CountAsync("SELECT max(number) FROM migration", [], cancel);
        foreach (var (number, script) in Scripts().Where(s => s.Number > applied))
        {
            await unit.ExecuteAsync(script, [], cancel);
            await unit.ExecuteAsync("INSERT INTO migration (number) VALUES (@number)", [("number", number)], cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    private static IEnumerable<(long Number, string Script)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal));
        foreach (var name in names.Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (long.Parse(name.Split('.')[^2][..4], CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
