using System.Security.Cryptography;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Objects;

/// <summary>What holds of every store.</summary>
public sealed class ObjectStoreTests
{
    public static TheoryData<string> Stores { get; } = ["folder", "s3"];

    [Theory, MemberData(nameof(Stores))]
    public async Task A_file_becomes_an_object_under_its_digest_and_is_gone_where_it_was(string kind)
    {
        using var world = new StoreWorld();
        var store = await world.StoreAsync(kind);
        await store.CheckAsync(TestNode.Cancel);
        var (file, digest) = world.Make("content"u8.ToArray());
        await store.PutAsync(file, digest, TestNode.Cancel);
        Assert.Equal("content"u8.ToArray(), await StoreWorld.ReadAsync(store, digest));

        var (again, same) = world.Make("content"u8.ToArray()); // The same content once more is the same object.
        await store.PutAsync(again, same, TestNode.Cancel);
        Assert.Equal("content"u8.ToArray(), await StoreWorld.ReadAsync(store, digest));
        Assert.Empty(world.Unfinished);
    }

    [Fact]
    public async Task A_file_that_has_changed_is_not_the_object_until_it_is_brought_again()
    {
        using var world = new StoreWorld();
        var store = await world.StoreAsync("folder");
        await store.CheckAsync(TestNode.Cancel);
        var (file, digest) = world.Make("content"u8.ToArray());
        await store.PutAsync(file, digest, TestNode.Cancel);
        var path = Path.Combine(world.In(FolderObjectStore.Objects), IncomingFiles.NameOf(digest));
        await File.WriteAllBytesAsync(path, "c0ntent"u8.ToArray(), TestNode.Cancel);
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => StoreWorld.ReadAsync(store, digest));
        Assert.Equal(ObjectStoreException.Damaged, error.Code);

        var (again, _) = world.Make("content"u8.ToArray());
        await store.PutAsync(again, digest, TestNode.Cancel);
        Assert.Equal("content"u8.ToArray(), await StoreWorld.ReadAsync(store, digest));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Many_may_bring_the_same_content_at_once(string kind)
    {
        using var world = new StoreWorld();
        var store = await world.StoreAsync(kind);
        await store.CheckAsync(TestNode.Cancel);
        for (var round = 0; round < 20; round++)
        {
            var files = Enumerable.Range(0, 8).Select(_ => world.Make([(byte)round])).ToList();
            await Parallel.ForEachAsync(
                files, TestNode.Cancel, async (f, cancel) => await store.PutAsync(f.File, f.Digest, cancel));
            Assert.Equal([(byte)round], await StoreWorld.ReadAsync(store, files[0].Digest));
        }
        Assert.Empty(world.Unfinished);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_large_object_comes_back_as_it_was(string kind)
    {
        using var world = new StoreWorld();
        var store = await world.StoreAsync(kind);
        // In S3, an upload of several parts.
        var (file, digest) = world.Make(RandomNumberGenerator.GetBytes(21_000_001));
        await store.PutAsync(file, digest, TestNode.Cancel);
        DropCache(world);
        Assert.Equal(digest, StoreWorld.DigestOf(await StoreWorld.ReadAsync(store, digest)));
        Assert.Empty(world.Unfinished);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_object_outlives_the_store_that_took_it(string kind)
    {
        using var world = new StoreWorld();
        var s3 = kind == "s3" ? await (await S3Server.OfRunAsync()).CreateBucketAsync() : null;
        var (file, digest) = world.Make("content"u8.ToArray());
        await world.Store(s3).PutAsync(file, digest, TestNode.Cancel);
        DropCache(world);
        Assert.Equal("content"u8.ToArray(), await StoreWorld.ReadAsync(world.Store(s3), digest));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_object_that_is_not_there_and_a_name_that_is_none_are_told_apart(string kind)
    {
        using var world = new StoreWorld();
        var store = await world.StoreAsync(kind);
        var gone = await Assert.ThrowsAsync<ObjectStoreException>(
            () => store.OpenAsync(new string('0', 64), TestNode.Cancel));
        Assert.Equal(ObjectStoreException.Missing, gone.Code);
        Assert.Empty(world.Unfinished);
        foreach (var name in (string[])["", "../../etc/passwd", new string('A', 64), new string('0', 63)])
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => store.OpenAsync(name, TestNode.Cancel));
            var (file, _) = world.Make("x"u8.ToArray());
            await Assert.ThrowsAsync<InvalidOperationException>(() => store.PutAsync(file, name, TestNode.Cancel));
        }
    }

    [Fact]
    public async Task What_was_not_finished_is_gone_after_a_start_and_objects_stay()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("holder");
        await holder.PublishAsync("id\n1\n");
        var objects = Directory.GetFiles(At("objects"), "*", SearchOption.AllDirectories);
        Assert.Single(objects);
        var unfinished = Path.Combine(At(IncomingFiles.Folder), "half");
        var evicted = Path.Combine(At(FileCache.Folder), "going", "half");
        Directory.CreateDirectory(Path.GetDirectoryName(evicted)!);
        foreach (var file in (string[])[unfinished, evicted])
            await File.WriteAllTextAsync(file, "half", TestNode.Cancel);
        await node.RestartAsync();
        Assert.False(File.Exists(unfinished));
        Assert.False(File.Exists(evicted));
        Assert.Equal(objects, Directory.GetFiles(At("objects"), "*", SearchOption.AllDirectories));

        string At(string folder) => Path.Combine(node.Options.DataFolder, folder);
    }

    /// <summary>What is deleted by hand: the store's copies, so that it must fetch.</summary>
    private static void DropCache(StoreWorld world)
    {
        if (Directory.Exists(world.In(FileCache.Folder)))
            Array.ForEach(
                Directory.GetFiles(world.In(FileCache.Folder), "*", SearchOption.AllDirectories), File.Delete);
    }
}
