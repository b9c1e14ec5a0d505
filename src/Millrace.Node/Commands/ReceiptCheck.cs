using System.Text;
using Millrace.Log;

namespace Millrace.Node.Commands;

/// <summary>What a good receipt proves: that the log signed a tree with this entry at this place.</summary>
/// <param name="Origin">The name of the log.</param>
/// <param name="Size">Entries in the tree that was signed.</param>
/// <param name="Root">Of that tree; lower-case hexadecimal, as <paramref name="Hash"/>.</param>
/// <param name="Hash">The leaf hash of the entry.</param>
internal sealed record ReceiptVerdict(bool Valid, string Origin, long Index, long Size, string Root, string Hash);

/// <summary>Checks a receipt with two files and a key: no node is asked, so a stranger can.</summary>
internal static class ReceiptCheck
{
    /// <exception cref="CommandFailedException">
    /// A file or the key is not what it should be (exit code 2), or the receipt does not prove the entry (1).
    /// </exception>
    public static ReceiptVerdict Run(string receiptPath, string entryPath, string key)
    {
        var log = Read("The key is not one", () => NoteVerifier.Parse(key));
        var text = Encoding.UTF8.GetString(InputFiles.Read(receiptPath, SignedNote.LengthMax));
        var receipt = Read($"{receiptPath} is no whole receipt", () => Receipt.Parse(text));
        var entry = Entry(entryPath);
        if (receipt.Objection(entry, log) is { } objection)
            throw CommandFailedException.Refused("not-proven", objection);
        var tree = Checkpoint.Open(receipt.Checkpoint, log);
        return new ReceiptVerdict(
            true, tree.Origin, receipt.Index, tree.Size, Convert.ToHexStringLower(tree.Root),
            Convert.ToHexStringLower(MerkleTree.HashLeaf(entry)));
    }

    /// <summary>No entry ends with a newline, but shells and editors add one.</summary>
    private static ReadOnlySpan<byte> Entry(string path) =>
        InputFiles.Read(path, Limits.Default.EntryBytesMax + 2).AsSpan().TrimEnd("\r\n"u8);

    /// <param name="failure">What is said before the reason.</param>
    private static T Read<T>(string failure, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException malformed)
        {
            throw CommandFailedException.BadInput($"{failure}: {malformed.Message}");
        }
    }
}
