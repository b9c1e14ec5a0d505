namespace Millrace.Node.Storage.Objects;

/// <summary>
/// An object, or the store itself, cannot be used. The message is a sentence for operators: it may name the bucket, and
/// is not for readers of data.
/// </summary>
/// <param name="code">Lower-case words joined by hyphens; never changes its meaning.</param>
public sealed class ObjectStoreException(string code, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public const string Missing = "object-missing";
    public const string Damaged = "object-damaged";
    public const string Unreachable = "store-unreachable";

    public string Code { get; } = code;

    internal static ObjectStoreException Spoilt(string sha256, string place) => new(
        Damaged,
        $"The object {sha256} in {place} is damaged, for its content has another digest: bring it back from a backup, "
        + "or publish its version again.");

    internal static ObjectStoreException Gone(string sha256, string place) => new(
        Missing, $"The object {sha256} is not in {place}: bring it back from a backup, or publish its version again.");
}
