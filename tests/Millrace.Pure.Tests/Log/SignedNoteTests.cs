using CsCheck;
using Millrace.Log;

namespace Millrace.Tests.Log;

public class SignedNoteTests
{
    private const string Body = "A text,\n\nof three lines.\n";

    private static readonly NoteSigner Alice = new("alice.example/log", Seed(1));
    private static readonly NoteSigner Bob = new("bob.example/log", Seed(2));
    private static readonly NoteSigner Carol = new("carol.example/log", Seed(3));

    /// <summary>The example of golang.org/x/mod/sumdb/note, whose format the specification describes.</summary>
    [Fact]
    public void The_known_example_is_signed_and_verified()
    {
        const string text = "If you think cryptography is the answer to your problem,\n"
            + "then you don't know what your problem is.\n";
        const string note = text + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
            + "KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        var verifier = NoteVerifier.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        var secret = Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1..];
        using var signer = new NoteSigner("PeterNeumann", secret);
        Assert.Equal(verifier.Format(), signer.Verifier.Format());
        Assert.Equal(note, SignedNote.Sign(text, signer));
        Assert.Same(verifier, Assert.Single(SignedNote.Parse(note).Open(verifier)));
    }

    [Fact]
    public void A_note_formats_as_it_was_read()
    {
        var text = SignedNote.Sign(Body, Alice, Bob);
        var note = SignedNote.Parse(text);
        Assert.Equal(Body, note.Body);
        Assert.Equal([Alice.Name, Bob.Name], note.Signatures.Select(s => s.Name));
        Assert.Equal(text, note.Format());
    }

    [Fact]
    public void The_other_side_can_countersign()
    {
        var note = SignedNote.Parse(SignedNote.Sign(Body, Alice)).Countersign(Bob);
        var read = SignedNote.Parse(note.Format());
        Assert.Equal([Alice.Verifier, Bob.Verifier], read.Open(Alice.Verifier, Bob.Verifier));
    }

    [Fact]
    public void A_signature_of_an_unknown_key_is_ignored()
    {
        var note = SignedNote.Parse(SignedNote.Sign(Body, Alice, Bob));
        Assert.Equal([Alice.Verifier], note.Open(Alice.Verifier, Carol.Verifier));
        Assert.Empty(note.Open(Carol.Verifier));
        Assert.Empty(note.Open());
    }

    [Fact]
    public void One_bad_signature_of_a_known_key_spoils_the_note()
    {
        var note = SignedNote.Parse(SignedNote.Sign(Body, Alice));
        var foreign = SignedNote.Parse(SignedNote.Sign("Another.\n", Bob)).Signatures[0];
        var spoiled = note with { Signatures = [.. note.Signatures, foreign] };
        Assert.Empty(spoiled.Open(Alice.Verifier, Bob.Verifier));
        Assert.Equal([Alice.Verifier], spoiled.Open(Alice.Verifier)); // Bob is unknown here.
        var forged = foreign with { Name = Alice.Name, KeyId = Alice.Verifier.KeyId };
        var twice = note with { Signatures = [note.Signatures[0], forged] };
        Assert.Empty(twice.Open(Alice.Verifier));
    }

    [Fact]
    public void A_key_of_the_same_name_is_another_key()
    {
        using var impostor = NoteSigner.Generate(Alice.Name);
        Assert.Empty(SignedNote.Parse(SignedNote.Sign(Body, impostor)).Open(Alice.Verifier));
    }

    [Fact]
    public void No_edit_of_text_or_signature_passes()
    {
        var text = SignedNote.Sign(Body, Alice);
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char.AlphaNumeric).Where((at, c) => text[at] != c).Sample((at, c) =>
        {
            var edited = text[..at] + c + text[(at + 1)..];
            Assert.True(Unreadable(edited) || SignedNote.Parse(edited).Open(Alice.Verifier).Count == 0);
        });
    }

    [Fact]
    public void Sixteen_and_more_signatures_are_read_but_not_any_number()
    {
        var signers = Enumerable.Repeat(Alice, SignedNote.SignaturesMax).ToArray();
        var text = SignedNote.Sign(Body, signers);
        Assert.Equal(SignedNote.SignaturesMax, SignedNote.Parse(text).Signatures.Count);
        Assert.Throws<FormatException>(() => SignedNote.Parse(SignedNote.Sign(Body, [.. signers, Bob])));
    }

    [Fact]
    public void A_malformed_note_is_refused()
    {
        var note = SignedNote.Sign("Text.\n", Alice);
        var line = note[7..^1];
        var signature = line[(line.LastIndexOf(' ') + 1)..];
        (string Why, string Note)[] malformed =
        [
            ("nothing", ""),
            ("no signature", "Text.\n\n"),
            ("no empty line", "Text.\n" + line + "\n"),
            ("no last newline", note[..^1]),
            ("two last newlines", note + "\n"),
            ("trailing garbage", note + "garbage\n"),
            ("CR LF", note.Replace("\n", "\r\n", StringComparison.Ordinal)),
            ("CR LF in the text", note.Replace("Text.\n", "Text.\r\n", StringComparison.Ordinal)),
            ("a tab", note.Replace("Text", "Te\txt", StringComparison.Ordinal)),
            ("a zero", note.Replace("Text", "Te\0xt", StringComparison.Ordinal)),
            ("half a surrogate pair", note.Replace("Text", "Te\ud800xt", StringComparison.Ordinal)),
            ("a hyphen for the dash", note.Replace('—', '-')),
            ("two spaces", note.Replace("— ", "—  ", StringComparison.Ordinal)),
            ("a space after", note[..^1] + " \n"),
            ("a plus in the name", note.Replace("alice", "al+ce", StringComparison.Ordinal)),
            ("no-break space in the name", note.Replace("alice", "al\u00a0ce", StringComparison.Ordinal)),
            ("no name", "Text.\n\n— " + signature + "\n"),
            ("no base64", note.Replace(signature, "????", StringComparison.Ordinal)),
            ("a key id alone", note.Replace(signature, "AAAAAA==", StringComparison.Ordinal)),
            ("no padding", note.Replace("=\n", "\n", StringComparison.Ordinal)),
            ("stray bits in the base64", note.Replace(signature, "AAAAAAB=", StringComparison.Ordinal)),
            ("too long", new string('x', SignedNote.LengthMax) + note),
        ];
        Assert.False(Unreadable(note));
        Assert.EndsWith("=", signature, StringComparison.Ordinal); // The case of the padding bites.
        Assert.All(malformed, m => Assert.True(Unreadable(m.Note), m.Why));
    }

    [Theory]
    [InlineData("no newline"), InlineData(""), InlineData("a\rb\n")]
    public void A_text_that_no_note_can_have_is_not_signed(string body) =>
        Assert.Throws<FormatException>(() => SignedNote.Sign(body, Alice));

    [Fact] // Not a case above: an attribute cannot hold it.
    public void A_text_with_half_a_surrogate_pair_is_not_signed() =>
        Assert.Throws<FormatException>(() => SignedNote.Sign("\ud800\n", Alice));

    [Fact]
    public void A_note_without_signers_is_not_made() => Assert.Throws<ArgumentException>(() => SignedNote.Sign(Body));

    private static bool Unreadable(string note)
    {
        try
        {
            SignedNote.Parse(note);
            return false;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, 32)];
}
