using System.Net.Sockets;
using Amazon.Runtime;
using Millrace.Engine.Supply;
using Millrace.Node.Identity;

namespace Millrace.Node.Sources;

/// <summary>What a server sends of a file.</summary>
/// <param name="Continues">It begins where the bytes end that are here already; else with the first.</param>
internal sealed record SourceBody(Stream Bytes, bool Continues, IDisposable Answer);

/// <summary>A server has too much to do.</summary>
/// <param name="after">When it wants to be asked again; null: it does not say.</param>
internal sealed class BusySourceException(TimeSpan? after) : Exception("The server is busy.")
{
    public TimeSpan? After { get; } = after;
}

/// <summary>Downloads a file of a source, and goes on where a connection broke.</summary>
internal sealed class SourceDownload(Clock clock)
{
    private const int ChunkBytes = 128 * 1024;

    /// <param name="place">Who sends it, for people.</param>
    /// <param name="open">Asks for it, from a byte on if that can be.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="SourceException">It is too large, or did not come whole.</exception>
    public async Task<long> SaveAsync(
        string path, long bytesMax, string place, Func<long, CancellationToken, Task<SourceBody>> open,
        CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CopyAsync(file, bytesMax, open, cancel);
                return file.Length;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && IsLost(e))
            {
                if (attempt >= clock.Limits.SourceAttemptsMax)
                    throw new SourceException(
                        "source-lost", $"{place} cannot be reached, or broke off, {attempt} times: try again later.");
                var pause = (e as BusySourceException)?.After ?? clock.Limits.SourcePause * (1 << (attempt - 1));
                if (pause > clock.Limits.SourcePauseMax)
                    throw new SourceException(
                        "source-lost",
                        $"{place} is busy, and asks to be left alone for {pause.TotalSeconds:0} seconds: try again "
                        + "then.");
                await Task.Delay(pause, clock.Time, cancel);
            }
        }
    }

    private async Task CopyAsync(
        FileStream file, long bytesMax, Func<long, CancellationToken, Task<SourceBody>> open, CancellationToken cancel)
    {
        using var silent = new CancellationTokenSource(clock.Limits.SourceSilenceMax, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancel);
        var body = await open(file.Length, either.Token);
        using var answer = body.Answer;
        if (!body.Continues)
            file.SetLength(0);
        file.Seek(0, SeekOrigin.End);
        var buffer = new byte[ChunkBytes];
        while (await body.Bytes.ReadAsync(buffer, either.Token) is > 0 and var read)
        {
            silent.CancelAfter(clock.Limits.SourceSilenceMax);
            if (file.Length + read > bytesMax)
                throw new SourceException(
                    "too-large",
                    "The source has more bytes than a product takes: offer it in parts, as several products.");
            file.Write(buffer, 0, read);
        }
    }

    /// <summary>Not what is wrong with the disk: a fault of that is another IOException.</summary>
    private static bool IsLost(Exception e) => e switch
    {
        BusySourceException => true,
        PeerException peer => peer.Code is "peer-unreachable" or "peer-slow",
        AmazonServiceException { StatusCode: var status } => status is 0 || (int)status >= 500,
        HttpRequestException or HttpIOException or SocketException => true,
        AmazonClientException or OperationCanceledException => true,
        IOException { InnerException: SocketException } => true,
        _ => false,
    };
}
