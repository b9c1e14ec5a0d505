namespace Millrace.Node.Commands;

/// <summary>How far something is.</summary>
/// <param name="Done">Bytes so far.</param>
/// <param name="Total">Bytes in all; null: not known.</param>
/// <param name="Built">From 0 to 1, while the other side still builds what is to come; null: it comes.</param>
internal readonly record struct Headway(long Done, long? Total, double? Built = null)
{
    public static implicit operator Headway((long Done, long? Total) bytes) => new(bytes.Done, bytes.Total);
}
