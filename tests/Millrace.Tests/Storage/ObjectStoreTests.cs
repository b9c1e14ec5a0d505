using System.Security.Cryptography;
using Millrace.Node;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class ObjectStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-objects-");
    private readonly Ids _ids = new(TimeProvider.System);

    [Fact]
    public async Task A_file_becomes_an_object_under_its_digest_and_is_gone_where_it_was()
    {
        var store = new FolderObjectStore(_folder.FullName, _ids);
        var (file, digest) = Make(store, "content");
        await store.PutAsync(file, digest, TestNode.Cancel);
        Assert.False(File.Exists(file));
        Assert.Equal("content", await File.ReadAllTextAsync(await LocalAsync(store, digest), TestNode.Cancel));

        var (again, same) = Make(store, "content"); // The same content once more is the same object.
        await store.PutAsync(again, same, TestNode.Cancel);
        Assert.False(File.Exists(again));
        Assert.Equal("content", await File.ReadAllTextAsync(await LocalAsync(store, digest), TestNode.Cancel));
    }

    [Fact]
    public async Task An_object_that_is_not_there_and_a_name_that_is_none_are_told_apart()
    {
        var store = new FolderObjectStore(_folder.FullName, _ids);
        await Assert.ThrowsAsync<FileNotFoundException>(() => LocalAsync(store, new string('0', 64)));
        foreach (var name in (string[])["", "../../etc/passwd", new string('A', 64), new string('0', 63)])
            await Assert.ThrowsAsync<InvalidOperationException>(() => LocalAsync(store, name));
    }

    [Fact]
    public async Task What_was_not_finished_is_gone_after_a_start_and_objects_stay()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var store = new FolderObjectStore(node.Options.DataFolder, _ids);
        var (file, digest) = Make(store, "whole");
        await store.PutAsync(file, digest, TestNode.Cancel);
        var (unfinished, _) = Make(store, "half");
        await node.RestartAsync();
        Assert.False(File.Exists(unfinished));
        Assert.True(File.Exists(await LocalAsync(store, digest)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<string> LocalAsync(FolderObjectStore store, string digest) =>
        store.LocalAsync(digest, TestNode.Cancel);

    private static (string File, string Digest) Make(FolderObjectStore store, string content)
    {
        var file = store.NewFile(".txt");
        File.WriteAllText(file, content);
        return (file, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    }
}
