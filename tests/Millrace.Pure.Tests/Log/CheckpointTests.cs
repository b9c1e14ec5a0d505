using Millrace.Log;

namespace Millrace.Tests.Log;

public class CheckpointTests
{
    private const string Hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; // Of nothing.

    private static readonly NoteSigner Log = NoteSigner.Generate("example.org/log");

    [Fact]
    public void A_checkpoint_formats_as_it_was_read()
    {
        var checkpoint = new Checkpoint("example.org/log", 0, MerkleTree.EmptyRoot);
        Assert.Equal($"example.org/log\n0\n{Hash}\n", checkpoint.Format());
        Assert.Equal(checkpoint, Checkpoint.Parse(checkpoint.Format()));
        Assert.NotEqual(checkpoint, checkpoint with { Root = new byte[32] });
    }

    [Theory]
    [InlineData(""), InlineData("o\n1\n"), InlineData("o\n1\n" + Hash), InlineData("\n1\n" + Hash + "\n")]
    [InlineData("o\n01\n" + Hash + "\n"), InlineData("o\n00\n" + Hash + "\n"), InlineData("o\n-1\n" + Hash + "\n")]
    [InlineData("o\n+1\n" + Hash + "\n"), InlineData("o\n 1\n" + Hash + "\n"), InlineData("o\n1.0\n" + Hash + "\n")]
    [InlineData("o\n1_0\n" + Hash + "\n"), InlineData("o\n\n" + Hash + "\n"), InlineData("o\n١\n" + Hash + "\n")]
    [InlineData("o\n9223372036854775808\n" + Hash + "\n")] // 2^63.
    [InlineData("o\n1\nAAAA\n"), InlineData("o\n1\n" + Hash + " \n"), InlineData("o\n1\n" + Hash + "\n\n")]
    [InlineData("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")] // Stray bits.
    [InlineData("o\n1\n" + Hash + "\nextension\n"), InlineData("o\r\n1\r\n" + Hash + "\r\n")]
    public void A_malformed_checkpoint_is_refused(string body) =>
        Assert.Throws<FormatException>(() => Checkpoint.Parse(body));

    [Fact]
    public void The_largest_size_is_read() =>
        Assert.Equal(long.MaxValue, Checkpoint.Parse($"o\n{long.MaxValue}\n{Hash}\n").Size);

    [Fact]
    public void A_signed_checkpoint_opens_with_the_key_of_its_log_only()
    {
        var checkpoint = new Checkpoint(Log.Name, 0, MerkleTree.EmptyRoot);
        using var stranger = NoteSigner.Generate("example.org/other");
        using var impostor = NoteSigner.Generate(Log.Name);
        Assert.Equal(checkpoint, Checkpoint.Open(checkpoint.Sign(stranger, Log), Log.Verifier));
        Assert.Throws<FormatException>(() => Checkpoint.Open(checkpoint.Sign(stranger), Log.Verifier));
        Assert.Throws<FormatException>(() => Checkpoint.Open(checkpoint.Sign(impostor), Log.Verifier));
    }

    [Fact]
    public void A_key_speaks_for_its_own_log_only()
    {
        var foreign = new Checkpoint("example.org/other", 0, MerkleTree.EmptyRoot).Sign(Log);
        Assert.Throws<FormatException>(() => Checkpoint.Open(foreign, Log.Verifier));
    }
}
