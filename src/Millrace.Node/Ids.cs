namespace Millrace.Node;

/// <summary>
/// Makes ids: UUIDs of version 7, so that rows sort by their creation. Within a process each is greater than the one
/// before, also within a millisecond: messages leave, and entries get their places, in the order of their ids. Safe for
/// concurrent use.
/// </summary>
public sealed class Ids(TimeProvider time)
{
    private const int CounterBits = 12;
    private long _last;

    /// <summary>A URI such as <c>urn:uuid:0192…</c>, as policies and protocol processes need.</summary>
    public string NewUrn() => $"urn:uuid:{Next()}";

    /// <summary>32 hexadecimal digits.</summary>
    public string New() => Next().ToString("N");

    /// <summary>
    /// RFC 9562 §6.2, method 1: a counter follows the milliseconds; when it overflows, it runs ahead of them.
    /// </summary>
    private Guid Next()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        Span<byte> bytes = stackalloc byte[16];
        var random = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next >> CounterBits));
        Protocol.Check.That(random.TryWriteBytes(bytes, bigEndian: true, out _), "a UUID has 16 bytes");
        bytes[6] = (byte)(0x70 | ((next >> 8) & 0x0F)); // The version, and the upper bits of the counter.
        bytes[7] = (byte)next;
        return new Guid(bytes, bigEndian: true);
    }
}
