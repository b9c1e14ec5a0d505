using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>Reads the body of a protocol request within the limits.</summary>
internal static class PeerMessage
{
    /// <returns>The message, or a refusal: <c>too-large</c>, or what <see cref="Wire.Read{TMessage}"/> says.</returns>
    public static async Task<Decision<TMessage>> ReadAsync<TMessage>(
        HttpRequest request, Clock clock, CancellationToken cancel)
        where TMessage : Message
    {
        var limit = clock.Limits.MessageBytesMax;
        if (request.ContentLength > limit)
            return TooLarge(limit);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > limit)
                return TooLarge(limit);
            body.Write(buffer, 0, read);
        }
        return Wire.Read<TMessage>(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    private static Refusal TooLarge(int limit) => new("too-large", $"Send a message of at most {limit} bytes.");
}
