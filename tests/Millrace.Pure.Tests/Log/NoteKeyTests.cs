using Millrace.Log;

namespace Millrace.Tests.Log;

public class NoteKeyTests
{
    private const string Known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void A_verifier_key_formats_as_it_was_read() => Assert.Equal(Known, NoteVerifier.Parse(Known).Format());

    [Theory]
    [InlineData(""), InlineData("PeterNeumann"), InlineData("PeterNeumann+c74f20a3")]
    [InlineData("PeterNeumann+c74f20a3+"), InlineData(Known + "AAAA")]
    [InlineData(Known + "\n"), InlineData(" " + Known)]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // Capitals.
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // Not the id of the key.
    [InlineData("PaulNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // Not the id of the name.
    [InlineData("PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // A cosignature key.
    public void A_malformed_verifier_key_is_refused(string text) =>
        Assert.Throws<FormatException>(() => NoteVerifier.Parse(text));

    [Fact]
    public void A_generated_key_signs_the_same_after_it_was_stored()
    {
        using var generated = NoteSigner.Generate("example.org/log");
        using var restored = new NoteSigner(generated.Name, generated.ExportPrivateKey());
        Assert.Equal(SignedNote.Sign("Text.\n", generated), SignedNote.Sign("Text.\n", restored));
        using var other = NoteSigner.Generate("example.org/log");
        Assert.NotEqual(generated.Verifier.Format(), other.Verifier.Format());
    }

    [Theory]
    [InlineData(""), InlineData("a b"), InlineData("a+b"), InlineData("a\nb"), InlineData("a\u2003b")]
    public void A_key_has_a_name_that_a_signature_line_can_hold(string name) =>
        Assert.Throws<ArgumentException>(() => NoteSigner.Generate(name));

    [Theory]
    [InlineData(0), InlineData(31), InlineData(33)]
    public void A_key_of_the_wrong_length_is_refused(int length)
    {
        Assert.Throws<ArgumentException>(() => new NoteSigner("name", new byte[length]));
        Assert.Throws<ArgumentException>(() => new NoteVerifier("name", new byte[length]));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(63), InlineData(65)]
    public void A_signature_of_the_wrong_length_is_not_good(int length)
    {
        var verifier = NoteVerifier.Parse(Known);
        Assert.False(verifier.Verify([], new NoteSignature(verifier.Name, verifier.KeyId, new byte[length])));
    }
}
