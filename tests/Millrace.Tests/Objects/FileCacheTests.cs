using System.Security.Cryptography;
using Millrace.Node;
using Millrace.Node.Storage.Objects;

namespace Millrace.Tests.Objects;

public sealed class FileCacheTests : IDisposable
{
    private const int Size = 1000;

    private readonly StoreWorld _world = new() { Limits = Limits.Default with { CacheBytesMax = 3 * Size } };

    [Fact]
    public void What_was_not_used_for_longest_goes_when_the_bound_is_passed()
    {
        var cache = _world.Cache();
        var files = Kept(cache, 3);
        Assert.Equal(3 * Size, cache.Bytes);
        cache.Find(files[0])!.Dispose(); // Now the second one was not used for longest.
        Kept(cache, 1);
        Assert.Equal(3 * Size, cache.Bytes);
        Assert.Equal([true, false, true], files.Select(f => IsThere(cache, f)));
        Assert.Equal(3, Stored().Count);
    }

    [Fact]
    public void What_is_held_stays_and_goes_when_the_last_holder_leaves()
    {
        var cache = _world.Cache();
        var files = Kept(cache, 3);
        var (once, twice) = (cache.Find(files[0])!, cache.Find(files[0])!);
        var again = once.Again();
        Kept(cache, 6); // All others go, and the one that is held is left behind.
        Assert.Equal(files[0], StoreWorld.DigestOf(File.ReadAllBytes(once.Path)));
        Assert.Equal(3 * Size, cache.Bytes);
        foreach (var holder in (LocalFile[])[once, once, twice]) // Disposing twice counts once.
        {
            holder.Dispose();
            Kept(cache, 3);
            Assert.True(File.Exists(again.Path));
        }
        again.Dispose();
        Kept(cache, 3);
        Assert.Null(cache.Find(files[0]));
        Assert.False(File.Exists(again.Path));
    }

    [Fact]
    public void All_may_be_held_beyond_the_bound_and_it_holds_again_afterwards()
    {
        var cache = _world.Cache();
        var held = Kept(cache, 3).Select(f => cache.Find(f)!).ToList();
        for (var i = 0; i < 5; i++)
            held.Add(cache.Keep(NewFile(Size), Last));
        Assert.Equal(8 * Size, cache.Bytes);
        Assert.All(held, f => Assert.True(File.Exists(f.Path)));
        held.ForEach(f => f.Dispose());
        Assert.Equal((3 * Size, 3), (cache.Bytes, Stored().Count));
    }

    [Fact]
    public void What_was_used_last_stays_even_where_it_alone_is_larger()
    {
        var cache = _world.Cache();
        var small = Kept(cache, 1)[0];
        cache.Keep(NewFile(10 * Size), Last).Dispose();
        Assert.Equal((10 * Size, false), (cache.Bytes, IsThere(cache, small)));
        Assert.True(IsThere(cache, Last));
        cache.Keep(NewFile(Size), Last).Dispose();
        Assert.Equal(Size, cache.Bytes);
    }

    [Fact]
    public void What_somebody_deleted_or_cut_is_not_there_and_can_be_kept_anew()
    {
        var cache = _world.Cache();
        foreach (var harm in (Action<string>[])[File.Delete, path => File.WriteAllText(path, "half")])
        {
            var content = RandomNumberGenerator.GetBytes(Size);
            var digest = StoreWorld.DigestOf(content);
            using (var kept = cache.Keep(_world.Make(content).File, digest))
                harm(kept.Path);
            Assert.Null(cache.Find(digest));
            Assert.Equal(0, cache.Bytes);
            using (var kept = cache.Keep(_world.Make(content).File, digest))
                Assert.Equal(content, File.ReadAllBytes(kept.Path));
            File.Delete(Stored().Single().FullName);
            Assert.Null(cache.Find(digest));
        }
    }

    [Fact]
    public void The_order_of_use_and_a_lower_bound_hold_after_a_restart()
    {
        var cache = _world.Cache();
        var files = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            files.AddRange(Kept(cache, 1));
            _world.Time.Advance(TimeSpan.FromHours(2));
        }
        cache.Find(files[0])!.Dispose();
        var next = _world.Cache();
        Assert.Equal(3 * Size, next.Bytes);
        Kept(next, 1);
        Assert.Equal([true, false, true], files.Select(f => IsThere(next, f)));
        using var smaller = new StoreWorld { Limits = Limits.Default with { CacheBytesMax = Size } };
        Directory.Move(_world.In(FileCache.Folder), smaller.In(FileCache.Folder));
        Assert.Equal(Size, smaller.Cache().Bytes);
    }

    [Fact]
    public async Task Readers_find_a_whole_file_or_none_while_others_push_it_out()
    {
        var cache = _world.Cache();
        var contents = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(Size))
            .ToDictionary(StoreWorld.DigestOf);
        var found = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(() =>
        {
            var random = new Random(reader);
            for (var i = 0; i < 300; i++)
            {
                var (digest, content) = contents.ElementAt(random.Next(contents.Count));
                var file = cache.Find(digest);
                Interlocked.Add(ref found, file is null ? 0 : 1);
                using (file ??= cache.Keep(_world.Make(content).File, digest))
                    Assert.Equal(content, File.ReadAllBytes(file.Path));
            }
        })));
        Assert.InRange(found, 1, 4 * 300 - 1);
        Assert.True(cache.Bytes <= 3 * Size);
        Assert.Equal(cache.Bytes, Stored().Sum(f => f.Length));
        Assert.Empty(_world.Unfinished);
    }

    public void Dispose() => _world.Dispose();

    private string Last { get; set; } = "";

    /// <summary>New files in the cache, which nobody holds.</summary>
    private List<string> Kept(FileCache cache, int count)
    {
        var digests = new List<string>();
        for (var i = 0; i < count; i++)
        {
            cache.Keep(NewFile(Size), Last).Dispose();
            digests.Add(Last);
        }
        return digests;
    }

    /// <summary>A new file; its digest is <see cref="Last"/>.</summary>
    private string NewFile(int bytes)
    {
        var (file, digest) = _world.Make(RandomNumberGenerator.GetBytes(bytes));
        Last = digest;
        return file;
    }

    private List<FileInfo> Stored() =>
        [.. new DirectoryInfo(_world.In(FileCache.Folder)).EnumerateFiles("*", SearchOption.AllDirectories)];

    private static bool IsThere(FileCache cache, string digest)
    {
        using var file = cache.Find(digest);
        return file is not null;
    }
}
