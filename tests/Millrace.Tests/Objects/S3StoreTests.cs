using System.Security.Cryptography;
using Amazon.S3.Model;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Objects;

/// <summary>What can go wrong between a node and its bucket.</summary>
public sealed class S3StoreTests
{
    [Fact]
    public async Task All_who_ask_at_once_share_one_download()
    {
        using var world = new StoreWorld();
        var (s3, digest) = await StoredAsync(world, RandomNumberGenerator.GetBytes(100_000));
        await using var proxy = await S3Proxy.StartAsync(s3.Endpoint!);
        var gate = new TaskCompletionSource();
        proxy.Gate = gate.Task;
        var store = world.Store(s3 with { Endpoint = proxy.Address });

        var first = store.OpenAsync(digest, TestNode.Cancel);
        using var impatient = new CancellationTokenSource();
        var leaves = store.OpenAsync(digest, impatient.Token);
        var others = Enumerable.Range(0, 20).Select(_ => store.OpenAsync(digest, TestNode.Cancel)).ToList();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        gate.SetResult();
        var files = await Task.WhenAll(others.Append(first));
        Assert.Equal(1, proxy.Fetched);
        Assert.All(files, f => Assert.Equal(digest, StoreWorld.DigestOf(File.ReadAllBytes(f.Path))));
        Array.ForEach(files, f => f.Dispose());
        (await store.OpenAsync(digest, TestNode.Cancel)).Dispose();
        Assert.Equal(1, proxy.Fetched);
    }

    [Fact]
    public async Task A_broken_or_altered_download_leaves_nothing_and_the_next_one_is_whole()
    {
        using var world = new StoreWorld();
        var (s3, digest) = await StoredAsync(world, RandomNumberGenerator.GetBytes(300_000));
        await using var proxy = await S3Proxy.StartAsync(s3.Endpoint!);
        var store = world.Store(s3 with { Endpoint = proxy.Address });
        foreach (var (fault, code) in new (Func<byte[], byte[]?>, string)[]
        {
            (_ => null, ObjectStoreException.Unreachable),
            (bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], ObjectStoreException.Damaged),
        })
        {
            proxy.Content = fault;
            var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => store.OpenAsync(digest, TestNode.Cancel));
            Assert.Equal(code, failed.Code);
            Assert.Empty(world.Unfinished);
            Assert.Empty(Directory.GetFiles(world.In(FileCache.Folder), "*", SearchOption.AllDirectories));
        }
        proxy.Content = bytes => bytes;
        Assert.Equal(digest, StoreWorld.DigestOf(await StoreWorld.ReadAsync(store, digest)));
    }

    [Fact]
    public async Task A_store_that_falls_silent_is_given_up()
    {
        using var world = new StoreWorld();
        var (s3, digest) = await StoredAsync(world, RandomNumberGenerator.GetBytes(300_000));
        await using var proxy = await S3Proxy.StartAsync(s3.Endpoint!);
        proxy.Gate = new TaskCompletionSource().Task;
        var opening = world.Store(s3 with { Endpoint = proxy.Address }).OpenAsync(digest, TestNode.Cancel);
        while (!opening.IsCompleted) // The silence begins with the download: only then does the time count.
        {
            world.Time.Advance(world.Limits.StoreSilenceMax);
            await Task.Yield();
        }
        var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => opening);
        Assert.Equal(ObjectStoreException.Unreachable, failed.Code);
        Assert.Empty(world.Unfinished);
    }

    [Fact]
    public async Task What_is_wrong_with_the_bucket_or_its_key_is_said_at_the_start()
    {
        var good = await (await S3Server.OfRunAsync()).CreateBucketAsync();
        foreach (var (options, code) in new[]
        {
            (good with { Bucket = "nobody-made-it" }, "bucket-missing"),
            (good with { Secret = "WRONGSECRET" }, "access-denied"),
            (good with { KeyId = "WRONGKEY" }, "access-denied"),
            (good with { Endpoint = new Uri("http://127.0.0.1:9") }, "store-unreachable"),
        })
        {
            var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => StartAsync(options));
            Assert.Equal(code, failed.Code);
            Assert.Contains(options.Bucket, failed.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(options.Secret, failed.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Settings_that_cannot_be_right_are_all_named_before_anything_is_asked()
    {
        var wrong = new S3Options("a/b", new Uri("ftp://host/"), "", "", "", true);
        var failed = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(wrong));
        Assert.All(
            ["--s3-bucket", "--s3-endpoint", "--s3-region", S3Options.KeyIdVariable],
            name => Assert.Contains(name, failed.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", $"{wrong with { Secret = "hush" }}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_stays_with_the_store_that_it_began_with()
    {
        var server = await S3Server.OfRunAsync();
        var (s3, other) = (await server.CreateBucketAsync(), await server.CreateBucketAsync());
        using var world = new StoreWorld();
        for (var i = 0; i < 2; i++)
            await using (await NodeProgram.StartAsync(Options(s3) with { DataFolder = world.Folder }, TestNode.Cancel))
                Assert.Empty(world.Unfinished);
        foreach (var options in (S3Options?[])[null, other])
        {
            var failed = await Assert.ThrowsAsync<ObjectStoreException>(
                () => NodeProgram.StartAsync(Options(options) with { DataFolder = world.Folder }, TestNode.Cancel));
            Assert.Equal("other-store", failed.Code);
            Assert.Contains(s3.Bucket, failed.Message, StringComparison.Ordinal);
        }
    }

    private static NodeOptions Options(S3Options? s3) => new()
    {
        DataFolder = "",
        Listen = new Uri("http://127.0.0.1:0"),
        AllowPrivatePeers = true,
        S3 = s3,
    };

    private static async Task StartAsync(S3Options s3)
    {
        await using var node = await TestNode.StartAsync(Options(s3));
    }

    /// <summary>A bucket with one object, which the world has no copy of.</summary>
    private static async Task<(S3Options S3, string Digest)> StoredAsync(StoreWorld world, byte[] content)
    {
        var s3 = await (await S3Server.OfRunAsync()).CreateBucketAsync();
        var digest = StoreWorld.DigestOf(content);
        using var client = S3Server.Client(s3);
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = s3.Bucket,
                Key = $"objects/{digest[..2]}/{digest}",
                InputStream = new MemoryStream(content),
            },
            TestNode.Cancel);
        return (s3, digest);
    }
}
