namespace Millrace.Engine.Supply;

/// <summary>Reads a stream, and behind its end some bytes more.</summary>
internal sealed class FollowedStream(Stream first, byte[] then) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (first.Read(buffer) is > 0 and var read) return read;
        var more = then.AsSpan(_at, Math.Min(buffer.Length, then.Length - _at));
        more.CopyTo(buffer);
        _at += more.Length;
        return more.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
