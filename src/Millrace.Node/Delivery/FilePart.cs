using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Node.Delivery;

/// <summary>Bytes <see cref="From"/> to <see cref="From"/> + <see cref="Length"/> of a view.</summary>
public readonly record struct FilePart(long From, long Length)
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>
    /// Reads from the file straight into the response's own memory: no copy in between, and never more than a chunk
    /// ahead of the reader.
    /// </summary>
    /// <param name="handedOver">
    /// Is told of bytes when they are given to the connection. Fewer than asked for are given where the reader has gone
    /// or <paramref name="cancel"/> ended it.
    /// </param>
    public async Task SendAsync(
        SafeFileHandle file, PipeWriter response, Action<int> handedOver, CancellationToken cancel)
    {
        var sent = 0L;
        while (sent < Length && !cancel.IsCancellationRequested)
        {
            var memory = response.GetMemory(ChunkBytes);
            var wanted = (int)Math.Min(memory.Length, Length - sent);
            // Files have no asynchronous reading here: it would only be done by another thread, and waited for.
            var read = RandomAccess.Read(file, memory.Span[..wanted], From + sent);
            if (read == 0)
                throw new EndOfStreamException("A view is shorter than its record says.");
            response.Advance(read);
            sent += read;
            handedOver(read); // Whatever becomes of the flush, they may leave: what cannot be taken back counts.
            try
            {
                if ((await response.FlushAsync(cancel)).IsCompleted)
                    break; // The reader has gone.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
    }
}
