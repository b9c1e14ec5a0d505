using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Millrace.Engine.Supply;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Sources;

/// <summary>Downloads objects of an S3-compatible store.</summary>
public sealed class S3Source(SourceSettings settings, Clock clock)
{
    private readonly SourceDownload _download = new(clock);

    /// <exception cref="SourceException">They may not be read, or did not come whole and unchanged.</exception>
    public async Task<Fetched> FetchAsync(SourceAsk ask, string folder, CancellationToken cancel)
    {
        var source = ask.Source;
        if (source is not { Bucket.Length: > 0, KeyIdFrom: { } id, SecretFrom: { } secret }
            || source.Key is null == source.Prefix is null)
        {
            throw new SourceException(
                "bad-source", "A source of S3 has a bucket, a key or a prefix, keyIdFrom and secretFrom.");
        }
        if (source.Incremental is { Column: not IncrementalReading.Key })
            throw new SourceException(
                "bad-source", "A prefix is read on by the keys of its objects: incremental has the column key.");
        using var client = Client(
            source, settings.Secret("keyIdFrom", id), settings.Secret("secretFrom", secret));
        try
        {
            var objects = await ListAsync(client, source, ask.After?.Value, cancel);
            if (objects is [] || (ask.Known is not null && ask.Known == TagOf(objects)))
                return new Fetched([], ask.After);
            var files = new List<string>();
            var read = new List<(string Key, string Tag)>();
            var left = clock.Limits.UploadBytesMax;
            foreach (var (key, tag) in objects)
            {
                var own = Directory.CreateDirectory(Path.Combine(folder, files.Count.ToString("D4", null))).FullName;
                var path = Path.Combine(own, SourceReader.FileName(key));
                var current = tag;
                left -= await _download.SaveAsync(
                    path, left, $"The store of the bucket {source.Bucket}",
                    async (have, ended) =>
                    {
                        try
                        {
                            return await OpenAsync(client, source.Bucket, key, current, have, ended);
                        }
                        catch (AmazonServiceException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
                        {
                            // It changed: begun anew. If it changes again at once, it is refused.
                            current = (await client.GetObjectMetadataAsync(source.Bucket, key, ended)).ETag;
                            return await OpenAsync(client, source.Bucket, key, current, 0, ended);
                        }
                    },
                    cancel);
                files.Add(path);
                read.Add((key, current));
            }
            return source.Incremental is { Column: var by }
                ? new Fetched(files, new Watermark(by, by, objects[^1].Key, []))
                : new Fetched(files, Tag: TagOf(read));
        }
        catch (AmazonServiceException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new SourceException(
                "source-changed", $"An object in the bucket {source.Bucket} changed while it was read: read it again.");
        }
        catch (AmazonServiceException e) when (e.StatusCode is not 0)
        {
            throw new SourceException(
                "source-refused",
                $"The store of the bucket {source.Bucket} answers {(int)e.StatusCode} {e.ErrorCode}: check the bucket, "
                + "the key of the object, and that the access key may list and get it.");
        }
        catch (ArgumentException)
        {
            throw new SourceException(
                "source-failed",
                $"The store of the bucket {source.Bucket} does not answer as S3 does: check the endpoint.");
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new SourceException(
                "source-lost", $"The store of the bucket {source.Bucket} cannot be reached: see that it runs.");
        }
    }

    private AmazonS3Client Client(SourceDocument source, string id, string secret)
    {
        var region = source.Region ?? S3Options.UsualRegion;
        Uri? endpoint = null;
        if (source.Endpoint is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out endpoint)
            && endpoint is { Scheme: "http" or "https", UserInfo: "", Query: "" }))
        {
            throw new SourceException("bad-source", "The endpoint must be an address such as https://s3.example.org.");
        }
        endpoint ??= region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? new Uri($"https://s3.{region}.amazonaws.com")
            : throw new SourceException("bad-source", "The region must be the name of a region, such as us-east-1.");
        settings.RequireHost(endpoint.Host, endpoint.Port);
        return new AmazonS3Client(new BasicAWSCredentials(id, secret), new AmazonS3Config
        {
            ServiceURL = endpoint.AbsoluteUri,
            AuthenticationRegion = region,
            ForcePathStyle = true, // So that only the host that is allowed is asked.
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            IgnoreConfiguredEndpointUrls = true,
        });
    }

    /// <summary>The objects in the order of their keys, each with the tag of its content now.</summary>
    /// <param name="after">
    /// The first of those with greater keys, as many as are taken at a time, or none; null: all, and there must be
    /// some.
    /// </param>
    private async Task<List<(string Key, string Tag)>> ListAsync(
        AmazonS3Client client, SourceDocument source, string? after, CancellationToken cancel)
    {
        if (source.Key is { } key)
            return [(key, (await client.GetObjectMetadataAsync(source.Bucket, key, cancel)).ETag)];
        var most = clock.Limits.FilesPerProductMax;
        var found = new List<(string Key, string Tag)>();
        var ask = new ListObjectsV2Request { BucketName = source.Bucket, Prefix = source.Prefix, StartAfter = after };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(ask, cancel);
            found.AddRange((page.S3Objects ?? [])
                .Where(o => o.Size > 0 && (after is null || Order(o.Key, after) > 0)).Select(o => (o.Key, o.ETag)));
            if (found.Count > most && after is null)
                throw new SourceException(
                    "too-many-files", $"More than {most} objects begin with that prefix: name a longer one.");
            ask.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true && found.Count <= most);
        found.Sort((a, b) => Order(a.Key, b.Key));
        return found.Count > 0 || after is not null
            ? [.. found.Take(most)]
            : throw new SourceException("missing-file", $"No object in {source.Bucket} begins with that prefix.");
    }

    /// <summary>That of the store itself, in which it tells what comes after a key.</summary>
    private static int Order(string key, string other) =>
        Encoding.UTF8.GetBytes(key).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    /// <summary>One tag of them all; null: the store gives none.</summary>
    private static string? TagOf(List<(string Key, string Tag)> objects) =>
        objects.Exists(o => string.IsNullOrEmpty(o.Tag))
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
                string.Concat(objects.Select(o => $"{o.Key}\0{o.Tag}\0")))));

    private static async Task<SourceBody> OpenAsync(
        AmazonS3Client client, string bucket, string key, string tag, long have, CancellationToken cancel)
    {
        var ask = new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = tag };
        if (have > 0)
            ask.ByteRange = new ByteRange($"bytes={have}-");
        var answer = await client.GetObjectAsync(ask, cancel);
        return new SourceBody(answer.ResponseStream, answer.HttpStatusCode == HttpStatusCode.PartialContent, answer);
    }
}
