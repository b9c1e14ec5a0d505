using System.Net;

namespace Millrace.Node.Commands.Nodes;

/// <summary>A file as a request body: streamed, never held in memory.</summary>
internal sealed class FileUpload(string path, long bytes, Action<long> sent) : HttpContent
{
    private const int BufferBytes = 128 * 1024;

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var file = OpenFile();
        // Of the file that is open: the path may be a link to it.
        var written = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        var buffer = new byte[BufferBytes];
        for (var left = bytes; left > 0;)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
                throw CommandFailedException.BadInput($"{path} became shorter while it was read; publish it again.");
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
            sent(read);
        }
        // The request is not whole yet: what was sent makes no version.
        if (RandomAccess.GetLength(file.SafeFileHandle) != bytes
            || File.GetLastWriteTimeUtc(file.SafeFileHandle) != written)
        {
            throw CommandFailedException.BadInput(
                $"{path} was changed while it was read; publish it again when it is complete.");
        }
    }

    private FileStream OpenFile()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.BadInput($"{path} cannot be read: {e.Message}");
        }
    }
}
