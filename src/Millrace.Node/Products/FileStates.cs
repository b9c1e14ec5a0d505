using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.States;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// States of stored files, in the cache of what can be had again. Their keys name the file's content and the forms of
/// what is kept, so a state is never of something else; what is missing or damaged is made again.
/// </summary>
public sealed class FileStates(FileCache cache, IncomingFiles incoming, Profiler profiler, Classifier classifier)
{
    private const string Table = "table", Findings = "findings", Rows = "rows";

    /// <summary>What is kept of each file.</summary>
    public static IReadOnlyList<string> Parts => [Table, Findings, Rows];

    /// <summary>The name in the cache of a part of what is kept of a file.</summary>
    public static string KeyOf(string sha256, string part) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{part} {TableState.Format} {ClassificationReport.CurrentRules} {sha256}")));

    /// <summary>What is kept of a file; null: it has to be read.</summary>
    public async Task<FileState?> FindAsync(string sha256, TableSchema schema, CancellationToken cancel)
    {
        if (await ReadAsync(KeyOf(sha256, Table), TableState.FromBytes, cancel) is not { } table
            || await ReadAsync(KeyOf(sha256, Findings), FindingsOf, cancel) is not { } findings
            || !table.IsOf(schema) || findings.Kinds.Columns.Count != schema.Columns.Count
            || cache.Find(KeyOf(sha256, Rows)) is not { } hashes)
        {
            return null;
        }
        if (await DigestAsync(hashes.Path, cancel) == findings.RowHashes)
            return new FileState(table, findings.Kinds, hashes);
        hashes.Dispose();
        return null;
    }

    /// <summary>Reads a file, and keeps what is then known of it in the place of what was kept before.</summary>
    /// <param name="sha256">Of the file.</param>
    public async Task<FileState> MakeAsync(string file, string sha256, TableSchema schema, CancellationToken cancel)
    {
        var rows = incoming.New(".rows");
        try
        {
            var kinds = await classifier.CountAsync([file], schema, cancel);
            var table = await profiler.MeasureAsync(file, schema, rows, cancel);
            var findings = new FileFindings(kinds, await DigestAsync(rows, cancel));
            await KeepAsync(KeyOf(sha256, Table), table.Write);
            var sealedFindings = Sealed(JsonSerializer.SerializeToUtf8Bytes(findings, RecordJson.Rows.FileFindings));
            await KeepAsync(KeyOf(sha256, Findings), file => file.Write(sealedFindings));
            return new FileState(table, kinds, Keep(rows, KeyOf(sha256, Rows)));
        }
        finally
        {
            File.Delete(rows);
        }
    }

    /// <summary>What the states of all files of a table say together.</summary>
    public Task<TableProfile> ProfileAsync(KnownTable known, CancellationToken cancel) =>
        profiler.ProfileAsync(known.Whole, known.RowHashes, cancel);

    /// <summary>The rows behind the figures of a profile of the same states.</summary>
    public Task<TableEvidence> EvidenceAsync(KnownTable known, TableProfile profile, CancellationToken cancel) =>
        profiler.EvidenceAsync(known.Whole, known.RowHashes, profile.DuplicateRows, cancel);

    /// <summary>The latest date of files that is not after a moment, where states do not tell it.</summary>
    public Task<DateTimeOffset?> LatestDateAsync(
        IReadOnlyList<string> files, TableSchema schema, DateTimeOffset notAfter, CancellationToken cancel) =>
        profiler.LatestDateAsync(files, schema, notAfter, cancel);

    private static byte[] Sealed(byte[] json) => [.. SHA256.HashData(json), .. json];

    private static FileFindings? FindingsOf(byte[] bytes)
    {
        if (bytes.Length < SHA256.HashSizeInBytes)
            return null;
        var json = bytes.AsSpan(SHA256.HashSizeInBytes..);
        return SHA256.HashData(json).AsSpan().SequenceEqual(bytes.AsSpan(..SHA256.HashSizeInBytes))
            ? JsonSerializer.Deserialize(json, RecordJson.Rows.FileFindings)
            : null;
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }

    private async Task<T?> ReadAsync<T>(string key, Func<byte[], T?> read, CancellationToken cancel)
        where T : class
    {
        using var file = cache.Find(key);
        return file is null ? null : read(await File.ReadAllBytesAsync(file.Path, cancel));
    }

    private async Task KeepAsync(string key, Action<Stream> write)
    {
        var path = incoming.New(".state");
        await using (var file = File.Create(path))
            write(file);
        Keep(path, key).Dispose();
    }

    private LocalFile Keep(string file, string key)
    {
        cache.Forget(key);
        return cache.Keep(file, key);
    }
}
