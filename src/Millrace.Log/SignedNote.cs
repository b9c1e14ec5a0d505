using System.Text;

namespace Millrace.Log;

/// <summary>
/// A text with the signatures below it: C2SP signed-note. The text ends with a newline; an empty line and one line a
/// signature follow.
/// </summary>
/// <param name="Body">The signed text, with its last newline.</param>
/// <param name="Signatures">As found: nothing says yet that they are good. See <see cref="Open"/>.</param>
public sealed record SignedNote(string Body, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int LengthMax = 256 * 1024;

    /// <summary>The most signatures that are read; the specification demands 16.</summary>
    public const int SignaturesMax = 64;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Signs a text.</summary>
    /// <returns>The whole note.</returns>
    /// <exception cref="FormatException">The text does not end with a newline, or has control characters.</exception>
    /// <exception cref="ArgumentException">Nobody signs.</exception>
    public static string Sign(string body, params ReadOnlySpan<NoteSigner> signers)
    {
        if (signers.IsEmpty)
            throw new ArgumentException("A note has at least one signature.", nameof(signers));
        var bytes = BytesOf(body);
        var text = new StringBuilder(body).Append('\n');
        foreach (var signer in signers)
            text.Append(signer.Sign(bytes).Format()).Append('\n');
        return text.ToString();
    }

    /// <summary>Adds a signature, such as that of the other side.</summary>
    public SignedNote Countersign(NoteSigner signer) =>
        this with { Signatures = [.. Signatures, signer.Sign(BytesOf(Body))] };

    /// <summary>The whole note.</summary>
    public string Format() => $"{Body}\n{string.Concat(Signatures.Select(s => s.Format() + "\n"))}";

    /// <summary>Reads a note. What it says is not to be trusted before <see cref="Open"/>.</summary>
    /// <exception cref="FormatException">The text is not a note; the message says why.</exception>
    public static SignedNote Parse(string text)
    {
        if (text.Length > LengthMax)
            throw new FormatException($"A note has at most {LengthMax} characters.");
        // The last empty line separates: the text itself may have others.
        var end = text.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !text.EndsWith('\n') || end + 2 == text.Length)
            throw new FormatException("A note has a text, an empty line and signatures, each line with its newline.");
        BytesOf(text);
        var body = text[..(end + 1)];
        var lines = text[(end + 2)..^1].Split('\n');
        return lines.Length <= SignaturesMax
            ? new(body, [.. lines.Select(NoteSignature.Parse)])
            : throw new FormatException($"A note has at most {SignaturesMax} signatures.");
    }

    /// <summary>
    /// Checks the signatures against known keys. Signatures of unknown keys are ignored; one bad signature of a known
    /// key spoils the note.
    /// </summary>
    /// <returns>The keys whose signatures are good; none where the note is not to be trusted.</returns>
    public IReadOnlyList<NoteVerifier> Open(params ReadOnlySpan<NoteVerifier> verifiers)
    {
        var bytes = BytesOf(Body);
        var good = new List<NoteVerifier>();
        foreach (var verifier in verifiers)
        {
            var own = Signatures.Where(verifier.Made).ToList();
            if (!own.All(s => verifier.Verify(bytes, s)))
                return [];
            if (own.Count > 0)
                good.Add(verifier);
        }
        return good;
    }

    private static byte[] BytesOf(string body)
    {
        if (!body.EndsWith('\n'))
            throw new FormatException("The text of a note ends with a newline.");
        if (body.Any(c => c < ' ' && c != '\n'))
            throw new FormatException("A note has no control characters but newlines; lines do not end with CR LF.");
        try
        {
            return Utf8.GetBytes(body);
        }
        catch (EncoderFallbackException)
        {
            throw new FormatException("The text of a note is not valid Unicode.");
        }
    }
}
