using System.Text;

namespace Millrace.Node.Identity;

/// <summary>
/// The token of the management API. It lies in the data folder, so who may read that folder may manage the node.
/// </summary>
public sealed class AdminToken
{
    public const string FileName = "admin.token";
    private readonly byte[] _hash;

    private AdminToken(string text)
    {
        Text = text;
        _hash = DataToken.Hash(text);
    }

    /// <summary>The secret itself, for the command line.</summary>
    public string Text { get; }

    /// <summary>The token of the node; made at the first start.</summary>
    /// <exception cref="InvalidDataException">The file is empty, or others than its owner may read it.</exception>
    public static AdminToken OpenOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        return From(SecretFile.ReadOrCreate(path, Encoding.ASCII.GetBytes(DataToken.New() + "\n")), path);
    }

    /// <inheritdoc cref="OpenOrCreate"/>
    /// <exception cref="FileNotFoundException">No node has been started over this folder.</exception>
    public static AdminToken Read(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        return From(SecretFile.Read(path), path);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string presented) => DataToken.Matches(presented, _hash);

    /// <summary>Says nothing of the token, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(AdminToken);

    private static AdminToken From(byte[] content, string path) =>
        Encoding.ASCII.GetString(content).Trim() is { Length: >= 32 } text
            ? new AdminToken(text)
            : throw new InvalidDataException($"{path} holds no token. Delete it, and start the node again.");
}
