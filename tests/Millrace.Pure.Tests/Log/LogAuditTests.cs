using Millrace.Log;

namespace Millrace.Tests.Log;

public class LogAuditTests
{
    private const int Size = 600;

    private static readonly NoteSigner Log = NoteSigner.Generate("example.org/log");
    private static readonly byte[][] Entries = [.. Enumerable.Range(0, Size).Select(NaiveTree.Entry)];
    private static readonly string[] Earlier = [Signed(0), Signed(1), Signed(256), Signed(300), Signed(Size)];

    [Theory]
    [InlineData(0), InlineData(1), InlineData(256), InlineData(Size)]
    public async Task A_sound_log_passes_every_check(int size)
    {
        var checks = await AuditAsync(Entries[..size], Signed(size), [.. Earlier.Where(e => SizeOf(e) <= size)]);
        Assert.All(checks, c => Assert.True(c.Valid, $"{c.Name}: {c.Detail}"));
        Assert.Superset(new HashSet<string> { "signature", "size", "root" }, checks.Select(c => c.Name).ToHashSet());
    }

    [Theory]
    [InlineData(0), InlineData(299), InlineData(300), InlineData(Size - 1)]
    public async Task An_edited_entry_is_found_and_dated(int at)
    {
        byte[] edited = [.. Entries[at]];
        edited[^1] ^= 1;
        var checks = await AuditAsync([.. Entries[..at], edited, .. Entries[(at + 1)..]], Signed(Size), Earlier);
        Assert.Contains("root", Failed(checks));
        // The checkpoints from before the edited entry still hold, those after do not.
        Assert.Equal(Earlier.Select(e => SizeOf(e) <= at), checks.Where(c => c.Name == "history").Select(c => c.Valid));
    }

    [Theory]
    [InlineData(0), InlineData(300), InlineData(Size - 1)]
    public async Task A_removed_entry_is_found(int at) => Assert.Equal(
        ["size", "root"], Failed(await AuditAsync([.. Entries[..at], .. Entries[(at + 1)..]], Signed(Size), [])));

    [Theory]
    [InlineData(0), InlineData(300)]
    public async Task An_inserted_entry_is_found(int at) => Assert.Equal(
        ["size", "root"], Failed(await AuditAsync([.. Entries[..at], [], .. Entries[at..]], Signed(Size), [])));

    [Fact]
    public async Task An_added_entry_that_was_not_signed_is_found() =>
        Assert.Equal(["size"], Failed(await AuditAsync([.. Entries, []], Signed(Size), [])));

    [Theory]
    [InlineData(0), InlineData(255), InlineData(Size - 2)]
    public async Task Reordered_entries_are_found(int at)
    {
        byte[][] reordered = [.. Entries];
        (reordered[at], reordered[at + 1]) = (reordered[at + 1], reordered[at]);
        Assert.Equal(["root"], Failed(await AuditAsync(reordered, Signed(Size), [])));
    }

    [Fact]
    public async Task A_log_that_was_cut_back_and_signed_anew_is_found() => Assert.Equal(
        ["growth", "history"], Failed(await AuditAsync(Entries[..300], Signed(300), [Signed(Size)])));

    [Fact]
    public async Task A_log_that_was_rewritten_and_signed_anew_is_found()
    {
        byte[][] rewritten = [.. Entries];
        rewritten[100] = [];
        Assert.Equal(
            ["history"], Failed(await AuditAsync(rewritten, Signed(Size, rewritten), [Signed(50), Signed(300)])));
    }

    [Fact]
    public async Task Two_checkpoints_of_one_size_that_differ_are_found() => Assert.Equal(
        ["history"], Failed(await AuditAsync(Entries, Signed(Size), [Signed(Size, [.. Entries.Reverse()])])));

    [Fact]
    public async Task A_checkpoint_that_the_log_did_not_sign_is_found()
    {
        using var impostor = NoteSigner.Generate(Log.Name);
        var forged = new Checkpoint(Log.Name, 0, MerkleTree.EmptyRoot).Sign(impostor);
        Assert.Equal(["signature"], Failed(await AuditAsync([], forged, [])));
        Assert.Equal(["earlier-signature"], Failed(await AuditAsync(Entries, Signed(Size), [forged, Signed(300)])));
    }

    [Fact]
    public async Task An_edited_size_is_found()
    {
        var edited = Signed(Size).Replace("\n600\n", "\n599\n", StringComparison.Ordinal);
        Assert.Equal(["signature"], Failed(await AuditAsync(Entries[..599], edited, [])));
    }

    [Fact]
    public async Task No_more_is_read_of_an_endless_log_than_was_signed()
    {
        var checks = await LogAudit.RunAsync(
            Endless(), Signed(1), Log.Verifier, [], TestContext.Current.CancellationToken);
        Assert.Contains("size", Failed(checks));

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless()
        {
            for (var i = 0; ; i++)
            {
                Assert.True(i < 2, "read on");
                yield return Entries[i];
                await Task.CompletedTask;
            }
        }
    }

    private static Task<IReadOnlyList<AuditCheck>> AuditAsync(
        IEnumerable<byte[]> entries, string checkpoint, IReadOnlyList<string> earlier) => LogAudit.RunAsync(
        entries.Select(e => (ReadOnlyMemory<byte>)e).ToAsyncEnumerable(), checkpoint, Log.Verifier, earlier,
        TestContext.Current.CancellationToken);

    private static string Signed(int size, byte[][]? entries = null)
    {
        byte[][] leaves = [.. (entries ?? Entries).Take(size).Select(e => MerkleTree.HashLeaf(e))];
        return new Checkpoint(Log.Name, size, NaiveTree.Root(leaves)).Sign(Log);
    }

    private static long SizeOf(string checkpoint) => Checkpoint.Open(checkpoint, Log.Verifier).Size;

    private static IEnumerable<string> Failed(IEnumerable<AuditCheck> checks) =>
        checks.Where(c => !c.Valid).Select(c => c.Name);
}
