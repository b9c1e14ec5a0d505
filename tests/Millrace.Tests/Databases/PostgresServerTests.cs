using Npgsql;

namespace Millrace.Tests.Databases;

public sealed class PostgresServerTests(PostgresServer postgres)
{
    [Fact]
    public async Task Each_database_is_empty_and_its_own()
    {
        var (one, two) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        Assert.NotEqual(one, two);
        await RunAsync(one, "CREATE TABLE here (id int)");
        Assert.Equal(1L, await RunAsync(one, "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"));
        Assert.Equal(0L, await RunAsync(two, "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"));
    }

    [Fact]
    public void The_newest_installed_version_is_found_and_an_empty_folder_has_none()
    {
        var root = Directory.CreateTempSubdirectory("millrace-test-");
        try
        {
            Assert.Null(PostgresServer.FindBinaries(root.FullName));
            foreach (var version in (string[])["9", "15"])
                File.WriteAllText(Path.Combine(root.CreateSubdirectory(version + "/bin").FullName, "initdb"), "");
            root.CreateSubdirectory("17/bin"); // Only the client is installed.
            Assert.Equal(Path.Combine(root.FullName, "15", "bin"), PostgresServer.FindBinaries(root.FullName));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
