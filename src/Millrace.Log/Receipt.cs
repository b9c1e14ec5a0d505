using System.Globalization;
using System.Text;

namespace Millrace.Log;

/// <summary>
/// That an entry is in a log, for someone who has only the entry and the log's key: C2SP tlog-proof. The index counts
/// only together with <see cref="Verify"/>; it stands outside what is signed.
/// </summary>
/// <param name="Index">The place of the entry, from 0.</param>
/// <param name="Proof">Its inclusion proof: <see cref="InclusionProof"/>.</param>
/// <param name="Checkpoint">The signed checkpoint of the tree that it was proved in: a whole note.</param>
public sealed record Receipt(long Index, IReadOnlyList<byte[]> Proof, string Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1";

    /// <summary>Hashes in a proof: a tree of 2^63 entries has no longer path.</summary>
    private const int HashesMax = 63;

    /// <summary>The text form.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        text.Append(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Proof)
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    /// <summary>Reads the text form. An <c>extra</c> line, which nothing vouches for, is checked and dropped.</summary>
    /// <exception cref="FormatException">The text is not a receipt; the message says why.</exception>
    public static Receipt Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("A receipt has a proof, an empty line and a checkpoint.");
        var lines = text[..end].Split('\n').AsSpan();
        if (lines[0] != Header)
            throw new FormatException($"A receipt begins with the line {Header}.");
        lines = lines[1..];
        if (lines is [var extra, ..] && After("extra ", extra) is { } data)
        {
            if (StrictBase64.Decode(data) is null)
                throw new FormatException("The extra data are not base64.");
            lines = lines[1..];
        }
        if (lines is not [var first, .. var hashes] || After("index ", first) is not { } index)
            throw new FormatException("A receipt names the index of its entry.");
        if (hashes.Length > HashesMax)
            throw new FormatException($"A proof has at most {HashesMax} hashes.");
        var proof = new byte[hashes.Length][];
        for (var i = 0; i < hashes.Length; i++)
            proof[i] = StrictBase64.DecodeHash(hashes[i], "hash of the proof");
        var checkpoint = text[(end + 2)..];
        Log.Checkpoint.Parse(SignedNote.Parse(checkpoint).Body);
        return new(StrictDecimal.Parse(index, "index"), proof, checkpoint);
    }

    /// <summary>Whether the log signed a tree that has this entry at this place.</summary>
    /// <param name="entry">The bytes of the entry.</param>
    /// <param name="log">The key of the log.</param>
    public bool Verify(ReadOnlySpan<byte> entry, NoteVerifier log) => Objection(entry, log) is null;

    /// <summary>Why this is no proof that the entry is in the log, in a sentence; null where it is one.</summary>
    /// <inheritdoc cref="Verify"/>
    public string? Objection(ReadOnlySpan<byte> entry, NoteVerifier log)
    {
        try
        {
            var tree = Log.Checkpoint.Open(Checkpoint, log); // Size and root are taken from nowhere else.
            if (Index >= tree.Size)
                return $"The receipt is of entry {Index}, but the log that was signed ends before it.";
            return InclusionProof.Verify(MerkleTree.HashLeaf(entry), Index, tree.Size, Proof, tree.Root)
                ? null
                : $"This is not what the log has as entry {Index}: it is another entry, or one of the two was changed.";
        }
        catch (FormatException unsigned)
        {
            return unsigned.Message;
        }
    }

    private static string? After(string start, string line) =>
        line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;
}
