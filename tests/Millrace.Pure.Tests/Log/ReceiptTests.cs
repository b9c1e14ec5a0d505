using Millrace.Log;

namespace Millrace.Tests.Log;

public class ReceiptTests
{
    private static readonly NoteSigner Log = NoteSigner.Generate("example.org/log");
    private static readonly StoredTiles Stored = StoredTiles.Of(300);

    [Fact]
    public async Task A_receipt_verifies_after_it_was_read()
    {
        var receipt = Receipt.Parse((await ReceiptOfAsync(270)).Format());
        Assert.Equal(270, receipt.Index);
        Assert.True(receipt.Verify(NaiveTree.Entry(270), Log.Verifier));
    }

    [Fact]
    public async Task A_receipt_has_the_form_of_tlog_proof()
    {
        var receipt = await ReceiptOfAsync(7);
        var lines = receipt.Format().Split('\n');
        Assert.Equal(["c2sp.org/tlog-proof@v1", "index 7"], lines[..2]);
        Assert.Equal(receipt.Proof.Select(Convert.ToBase64String), lines[2..(2 + receipt.Proof.Count)]);
        Assert.Equal("\n" + receipt.Checkpoint, string.Join('\n', lines[(2 + receipt.Proof.Count)..]));
    }

    [Fact]
    public async Task A_receipt_vouches_for_its_entry_its_place_and_its_log_only()
    {
        var receipt = await ReceiptOfAsync(7);
        using var impostor = NoteSigner.Generate(Log.Name);
        Assert.False(receipt.Verify(NaiveTree.Entry(8), Log.Verifier));
        Assert.False((receipt with { Index = 6 }).Verify(NaiveTree.Entry(7), Log.Verifier));
        Assert.False(receipt.Verify(NaiveTree.Entry(7), impostor.Verifier));
        var grown = new Checkpoint(Log.Name, 301, Stored.Edge.Root()).Sign(Log);
        Assert.False((receipt with { Checkpoint = grown, Index = 300 }).Verify(NaiveTree.Entry(7), Log.Verifier));
        Assert.False((receipt with { Checkpoint = "nonsense" }).Verify(NaiveTree.Entry(7), Log.Verifier));
    }

    [Fact]
    public async Task A_receipt_that_proves_nothing_says_why()
    {
        var receipt = await ReceiptOfAsync(7);
        using var impostor = NoteSigner.Generate(Log.Name);
        string? Why(Receipt of, int entry, NoteSigner log) => of.Objection(NaiveTree.Entry(entry), log.Verifier);
        Assert.Null(Why(receipt, 7, Log));
        Assert.Contains("another entry", Why(receipt, 8, Log), StringComparison.Ordinal);
        Assert.Contains("ends before it", Why(receipt with { Index = 300 }, 7, Log), StringComparison.Ordinal);
        Assert.Contains("with another", Why(receipt, 7, impostor), StringComparison.Ordinal);
        var forged = receipt.Checkpoint.Replace("\n300\n", "\n301\n", StringComparison.Ordinal);
        Assert.Contains("forged", Why(receipt with { Checkpoint = forged }, 7, Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extra_data_are_allowed_and_vouch_for_nothing()
    {
        var receipt = await ReceiptOfAsync(7);
        var text = receipt.Format().Replace("index", "extra AAAA\nindex", StringComparison.Ordinal);
        Assert.Equal(receipt.Format(), Receipt.Parse(text).Format());
    }

    [Theory]
    [InlineData("@v1", "@v2"), InlineData("c2sp.org/tlog-proof@v1\n", ""), InlineData("\n\n", "\n")]
    [InlineData("index 7", "index 07"), InlineData("index 7", "index -7"), InlineData("index 7", "index 7 ")]
    [InlineData("index 7\n", ""), InlineData("index", "place"), InlineData("index 7", "index 7\nindex 7")]
    [InlineData("index 7", "index 7\nextra AAAA"), InlineData("index 7", "extra ?\nindex 7")]
    [InlineData("index 7", "index 7\nAAAA"), InlineData("index 7", "extra AAAA\nextra AAAA\nindex 7")]
    [InlineData("\n", "\r\n"), InlineData("\n300\n", "\n0300\n"), InlineData("— ", "- ")]
    public async Task A_malformed_receipt_is_refused(string part, string replacement)
    {
        var text = (await ReceiptOfAsync(7)).Format();
        var malformed = text.Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(text, malformed);
        Assert.Throws<FormatException>(() => Receipt.Parse(malformed));
    }

    [Fact]
    public async Task A_receipt_with_more_hashes_than_any_tree_is_high_is_refused()
    {
        var receipt = await ReceiptOfAsync(7);
        var tall = receipt with { Proof = [.. Enumerable.Repeat(new byte[32], 64)] };
        Assert.Throws<FormatException>(() => Receipt.Parse(tall.Format()));
    }

    private static async Task<Receipt> ReceiptOfAsync(long index)
    {
        var edge = Stored.Edge;
        var proof = await InclusionProof.BuildAsync(Stored, index, edge.Size, TestContext.Current.CancellationToken);
        return new(index, proof, new Checkpoint(Log.Name, edge.Size, edge.Root()).Sign(Log));
    }
}
