using System.Globalization;
using DuckDB.NET.Data;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply;

namespace Millrace.Tests.Supply;

/// <summary>A folder and an engine for one test; both are gone after it.</summary>
public sealed class Workshop : IDisposable
{
    public Workshop(int memoryMegabytes = 256, int threads = 2, int columnsMax = 2_000)
    {
        Folder = Directory.CreateTempSubdirectory("millrace-engine-").FullName;
        Duck = new DuckPool(new EngineOptions(
            Path.Combine(Folder, "temp"), memoryMegabytes, threads, JobsMax: 1, columnsMax));
        Import = new TableImport(Duck);
    }

    public string Folder { get; }

    public DuckPool Duck { get; }

    public TableImport Import { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string At(string name) => Path.Combine(Folder, name);

    public string File(string name, string text) => File(name, new System.Text.UTF8Encoding(false).GetBytes(text));

    public string File(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public Task<ImportedTable> ImportText(string text, CsvForm? form = null) =>
        Import.ImportAsync([File("in.csv", text)], At("out.parquet"), Cancel, form);

    /// <summary>The cells of a Parquet or CSV file as texts, read by a DuckDB of the test's own.</summary>
    public List<string?[]> Cells(string file, string from = "out.parquet")
    {
        var rows = new List<string?[]>();
        Ask($"SELECT COLUMNS(*)::VARCHAR FROM {file.Replace("@", $"'{At(from)}'", StringComparison.Ordinal)}", reader =>
        {
            string? Cell(int i) =>
                reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture);
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(Cell)]);
        });
        return rows;
    }

    public List<string?[]> Cells() => Cells("@");

    /// <summary>Runs a statement in which <c>@</c> stands for the folder.</summary>
    public void Make(string statement) =>
        Ask(statement.Replace("@", Folder, StringComparison.Ordinal), _ => { });

    public void Dispose()
    {
        Duck.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static void Ask(string statement, Action<DuckDBDataReader> row)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        using var reader = command.ExecuteReader();
        while (reader.Read()) row(reader);
    }
}
