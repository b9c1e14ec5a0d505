using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Transfer;

namespace Millrace.Node.Storage.Objects;

/// <summary>A bucket of an S3-compatible store. What goes wrong there becomes a sentence.</summary>
public sealed class S3Bucket : IDisposable
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Larger files go in parts, each sent again alone where it fails.</summary>
    private const long PartedBytes = 16 * 1024 * 1024;

    private const int PartsAtOnce = 4;

    /// <summary>For one call, or one part; a part has 8 MiB unless the file would have more than 10 000.</summary>
    private static readonly TimeSpan CallTimeMax = TimeSpan.FromMinutes(5);

    private readonly S3Options _options;
    private readonly Clock _clock;
    private readonly AmazonS3Client _client;
    private readonly TransferUtility _uploads;

    public S3Bucket(S3Options options, Clock clock)
    {
        (_options, _clock) = (options, clock);
        var settings = new AmazonS3Config
        {
            ForcePathStyle = options.IsPathStyle,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            Timeout = CallTimeMax,
            // Many servers that speak S3 do not know the newer checksums; the digest of an object is checked here.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            IgnoreConfiguredEndpointUrls = true,
        };
        if (options.Endpoint is { } endpoint)
            (settings.ServiceURL, settings.AuthenticationRegion) = (endpoint.AbsoluteUri, options.Region);
        else
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        _client = new AmazonS3Client(new BasicAWSCredentials(options.KeyId, options.Secret), settings);
        _uploads = new TransferUtility(
            _client,
            new TransferUtilityConfig
            {
                MinSizeBeforePartUpload = PartedBytes,
                ConcurrentServiceRequests = PartsAtOnce,
            });
    }

    /// <summary>In words for people.</summary>
    public string Place => _options.Place;

    /// <summary>Whether there is an object of that length.</summary>
    /// <exception cref="ObjectStoreException">Nobody can tell now.</exception>
    public Task<bool> HasAsync(string key, long bytes, CancellationToken cancel) => CallAsync(
        async () =>
        {
            try
            {
                return (await _client.GetObjectMetadataAsync(_options.Bucket, key, cancel)).ContentLength == bytes;
            }
            // Whoever may not list a bucket is told so of every object that is not there.
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
            {
                return false;
            }
        },
        cancel);

    /// <summary>Uploads a file; what is left of an upload that fails is taken back.</summary>
    /// <exception cref="ObjectStoreException">It is not in the bucket, and why.</exception>
    public Task PutAsync(string key, string file, CancellationToken cancel) => CallAsync(
        async () =>
        {
            await _uploads.UploadAsync(
                new TransferUtilityUploadRequest { BucketName = _options.Bucket, Key = key, FilePath = file }, cancel);
            return true;
        },
        cancel);

    /// <summary>Downloads an object into a new file, which is durable when this returns.</summary>
    /// <param name="file">Where something may be left when this throws.</param>
    /// <exception cref="ObjectStoreException">The file is not that object, and why.</exception>
    public Task GetAsync(string key, string sha256, string file, CancellationToken cancel) => CallAsync(
        async () =>
        {
            using var answer = await _client.GetObjectAsync(_options.Bucket, key, cancel);
            await using var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            var digest = await CopyAsync(answer.ResponseStream, target, cancel);
            target.Flush(flushToDisk: true);
            return digest == sha256
                ? true
                : throw new ObjectStoreException(
                    ObjectStoreException.Damaged,
                    $"The object {sha256} in {Place} has another content: bring it back from a backup.");
        },
        cancel);

    public void Dispose()
    {
        _uploads.Dispose();
        _client.Dispose();
    }

    /// <returns>The digest of what was copied; empty where the client found a checksum of the store wrong.</returns>
    private async Task<string> CopyAsync(Stream source, FileStream target, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var silent = new CancellationTokenSource(_clock.Limits.StoreSilenceMax, _clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (await source.ReadAsync(buffer, either.Token) is var read and > 0)
            {
                silent.CancelAfter(_clock.Limits.StoreSilenceMax);
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (AmazonClientException)
        {
            return "";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Null for what is no failure of the store, such as a full disk.</summary>
    private ObjectStoreException? Explain(Exception e) => e switch
    {
        ObjectStoreException known => known,
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => new(
            "bucket-missing", $"There is no {Place[4..]}: make it, or correct --s3-bucket.", e),
        AmazonServiceException { ErrorCode: "NoSuchKey" } => new(
            ObjectStoreException.Missing,
            $"An object is not in {Place}: bring it back from a backup, or publish its version again.", e),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } denied => new(
            "access-denied",
            $"The store refuses access to {Place} ({denied.ErrorCode}): check the key in {S3Options.KeyIdVariable} and "
            + $"{S3Options.SecretVariable}, the region, and that the key may put and get objects.",
            e),
        AmazonServiceException { StatusCode: not 0 } failed => new(
            "store-failed",
            $"The store of {Place} answered {(int)failed.StatusCode} {failed.ErrorCode}: see what it logged, and try "
            + "again.",
            e),
        AmazonServiceException or AmazonClientException or HttpRequestException or HttpIOException or TimeoutException
            or OperationCanceledException or IOException { InnerException: SocketException } => new(
            ObjectStoreException.Unreachable,
            $"The store of {Place} cannot be reached, or broke off: check --s3-endpoint and the network, and try "
            + "again.",
            e),
        _ => null,
    };
}
