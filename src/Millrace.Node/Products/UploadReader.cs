using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Sources;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>Uploaded files, each under its own name in a folder that is gone when the upload is disposed.</summary>
/// <param name="ReadFrom">The source that the node fetched them from; null: they were uploaded.</param>
/// <param name="Progress">How far that source is read with them.</param>
public sealed record Upload(
    string Folder, ProductDraft? Draft, IReadOnlyList<HandedInFile> Files, IReadOnlyList<HandedInFile> Index,
    SourceReading? ReadFrom = null, SourceProgress? Progress = null)
    : IDisposable
{
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Reads a multipart upload part by part onto the disk, never a file into memory.</summary>
public sealed class UploadReader(IObjectStore objects, SourceReader sources, Clock clock)
{
    /// <exception cref="BadHttpRequestException">It is no such upload, or larger than allowed.</exception>
    /// <exception cref="JsonException">The part <c>product</c> is not what it should be.</exception>
    public async Task<Upload> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.HasJsonContentType())
        {
            var asked = await Body.ReadAsync(request, ApiJson.Wire.ProductDraft, cancel);
            return await FetchAsync(asked, null, null, cancel);
        }
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ||
            HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            throw new BadHttpRequestException("Send multipart/form-data.");
        }
        var folder = Directory.CreateDirectory(objects.NewFile("")).FullName;
        try
        {
            return await ReadAsync(new MultipartReader(boundary, request.Body), folder, cancel);
        }
        catch (Exception e)
        {
            Directory.Delete(folder, recursive: true);
            throw IsMalformed(e) ? new BadHttpRequestException("The upload is malformed.", e) : e;
        }
    }

    /// <summary>What a source holds, as if it had been uploaded.</summary>
    /// <param name="before">How far it was read, by what is there of it; null: all is read.</param>
    /// <param name="expected">The columns that the product has.</param>
    /// <exception cref="SourceException">There is no source, or it cannot be read.</exception>
    public async Task<Upload> FetchAsync(
        ProductDraft draft, SourceProgress? before, TableSchema? expected, CancellationToken cancel)
    {
        if (draft is not { Source: { } source, Kind: null })
            throw new SourceException(
                "no-source", "Say the source of a table, or send multipart/form-data with its files.");
        var folder = Directory.CreateDirectory(objects.NewFile("")).FullName;
        try
        {
            var reading = new SourceReading(source, clock.Now);
            var fetched = await sources.FetchAsync(
                new SourceAsk(source, before?.Reached, expected, before?.Tag), folder, cancel);
            return new Upload(
                folder, draft, [.. fetched.Files.Select(f => new HandedInFile(f, Path.GetFileName(f)))], [], reading,
                new SourceProgress(fetched.Reached, fetched.Tag));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private async Task<Upload> ReadAsync(MultipartReader reader, string folder, CancellationToken cancel)
    {
        ProductDraft? draft = null;
        var (files, index) = (new List<HandedInFile>(), new List<HandedInFile>());
        var left = clock.Limits.UploadBytesMax;
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                throw new BadHttpRequestException("A part has no name.");
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value;
            if (name == "product")
            {
                draft = await JsonSerializer.DeserializeAsync(
                    new BoundedStream(section.Body, clock.Limits.RequestBytesMax), ApiJson.Wire.ProductDraft, cancel);
            }
            else if (name is "files" or "index")
            {
                if (files.Count + index.Count == FilesMax(draft))
                    throw new BadHttpRequestException(
                        "Too many files.", StatusCodes.Status413PayloadTooLarge);
                var number = files.Count + index.Count;
                var (file, bytes) = await SaveAsync(section.Body, folder, number, disposition, left, cancel);
                (name == "files" ? files : index).Add(file);
                left -= bytes;
            }
        }
        return new Upload(folder, draft, files, index);
    }

    private int FilesMax(ProductDraft? draft) =>
        draft?.Kind == "files" ? clock.Limits.FilesPerCollectionMax : clock.Limits.FilesPerProductMax;

    /// <summary>An upload that ends before its last part; a fault of the disk has a number of its own.</summary>
    private static bool IsMalformed(Exception e) =>
        e is InvalidDataException || (e.GetType() == typeof(IOException) && e.HResult == new IOException().HResult);

    private static async Task<(HandedInFile File, long Bytes)> SaveAsync(
        Stream body, string folder, int number, ContentDispositionHeaderValue disposition, long bytesMax,
        CancellationToken cancel)
    {
        // A folder for each, since two files may have the same name; only the last segment of a name is used.
        var own = Directory.CreateDirectory(Path.Combine(folder, number.ToString("D4", null))).FullName;
        var name = NameOf(disposition);
        var path = Path.Combine(own, SourceReader.FileName(name));
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17);
        await new BoundedStream(body, bytesMax).CopyToAsync(file, cancel);
        return (new HandedInFile(path, name), file.Length);
    }

    private static string NameOf(ContentDispositionHeaderValue disposition) =>
        (disposition.FileNameStar.HasValue // It has no quotes, and escapes in another way: RFC 8187.
            ? disposition.FileNameStar.Value
            : HeaderUtilities.UnescapeAsQuotedString(HeaderUtilities.RemoveQuotes(disposition.FileName)).Value) ?? "";
}
