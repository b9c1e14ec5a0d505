using System.Globalization;

namespace Millrace.Log;

/// <summary>The state of a log that its holder signs: C2SP tlog-checkpoint.</summary>
/// <param name="Origin">Which log: a URL without scheme, also the name of its key.</param>
/// <param name="Size">Entries in the log.</param>
/// <param name="Root">The root over them: 32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The three lines that are signed.</summary>
    public string Format() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Signs the checkpoint as a note.</summary>
    public string Sign(params ReadOnlySpan<NoteSigner> signers) => SignedNote.Sign(Format(), signers);

    /// <summary>
    /// Reads the body of a note. Strict: what is read formats to the same text. Extension lines, which the
    /// specification does not recommend, are refused.
    /// </summary>
    /// <exception cref="FormatException">The text is not a checkpoint; the message says why.</exception>
    public static Checkpoint Parse(string body)
    {
        var lines = body.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ""])
            throw new FormatException("A checkpoint has three lines: origin, size, root.");
        return new(origin, StrictDecimal.Parse(size, "size"), StrictBase64.DecodeHash(root, "root"));
    }

    /// <summary>Reads a signed checkpoint and checks that the log itself signed it.</summary>
    /// <param name="note">The whole note.</param>
    /// <param name="log">The key of the log: its name is the origin that the checkpoint must have.</param>
    /// <exception cref="FormatException">The note is malformed, of another log, or not signed by this key.</exception>
    public static Checkpoint Open(string note, NoteVerifier log)
    {
        var signed = SignedNote.Parse(note);
        var checkpoint = Parse(signed.Body);
        if (checkpoint.Origin != log.Name)
            throw new FormatException($"The checkpoint is of the log {checkpoint.Origin}, not of {log.Name}.");
        if (!signed.Signatures.Any(log.Made))
            throw new FormatException($"The checkpoint is not signed with this key of {log.Name}, but with another.");
        return signed.Open(log).Count == 1
            ? checkpoint
            : throw new FormatException(
                $"The signature of {log.Name} is not of this checkpoint: it is forged, or one of them was changed.");
    }

    /// <summary>Equal where origin, size and root are, byte by byte.</summary>
    public bool Equals(Checkpoint? other) =>
        other is not null && Origin == other.Origin && Size == other.Size && Root.AsSpan().SequenceEqual(other.Root);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, Size);
}
