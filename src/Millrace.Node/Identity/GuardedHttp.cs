using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// Looks a host name up. Production: <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/>.
/// </summary>
public delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancel);

/// <summary>A peer's whole answer, within the limits.</summary>
public sealed record PeerAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}

/// <summary>
/// The one way to a URL that somebody else gave us: callback, DID, status list, push target. The address is checked
/// at the moment of connecting, so a name that changes its meaning between check and call gains nothing. No
/// redirects, cookies, proxy or decompression. Safe for concurrent use.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    private readonly IdentityOptions _options;
    private readonly TimeProvider _time;
    private readonly HostLookup _lookup;
    private readonly HttpClient _client;

    public GuardedHttp(IdentityOptions options, TimeProvider time, HostLookup? lookup = null)
    {
        _options = options;
        _time = time;
        _lookup = lookup ?? Dns.GetHostAddressesAsync;
        _client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // Our trace ids are no business of a stranger's.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = options.ConnectTimeMax,
            MaxConnectionsPerServer = options.ConnectionsPerPeerMax,
            MaxResponseHeadersLength = options.AnswerHeadersKibibytesMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // A name is looked up again that often.
            UseCookies = false,
            UseProxy = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Whether we would call this URL at all; the address behind the name is judged only when connecting.
    /// </summary>
    public Decision<Uri> Permit(Uri url)
    {
        if (!url.IsAbsoluteUri || url.UserInfo.Length > 0)
            return new Refusal("peer-url", "Give an absolute URL without user and password.");
        return url.Scheme == Uri.UriSchemeHttps ||
            (url.Scheme == Uri.UriSchemeHttp && _options.AllowHttpLoopback && PeerAddress.IsLoopbackName(url.IdnHost))
                ? url
                : new Refusal("peer-url", "Give an https URL.");
    }

    /// <summary>
    /// Sends, and reads the whole answer of at most <paramref name="bodyBytesMax"/> bytes, in limited time.
    /// </summary>
    /// <exception cref="PeerException">
    /// The URL is refused, or the peer failed or broke a limit. Any status is answered.
    /// </exception>
    public async Task<PeerAnswer> ExchangeAsync(HttpRequestMessage request, int bodyBytesMax, CancellationToken cancel)
    {
        using var limit = Limited(_options.ExchangeTimeMax, cancel);
        try
        {
            using var answer = await SendAsync(request, limit.Token);
            var body = await ReadBoundedAsync(answer, bodyBytesMax, limit.Token);
            return new PeerAnswer(answer.StatusCode, answer.Headers, body);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Slow();
        }
    }

    /// <summary>
    /// Sends, and answers as soon as the headers are there, for bodies that are passed on as a stream. The caller
    /// disposes the answer, and bounds what it reads. To a POST, a question, the answer must be computed first.
    /// </summary>
    /// <exception cref="PeerException">
    /// The URL is refused, or the peer failed or broke a limit. Any status is answered.
    /// </exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var isQuestion = request.Method == HttpMethod.Post;
        using var limit = Limited(isQuestion ? _options.AnswerTimeMax : _options.ExchangeTimeMax, cancel);
        try
        {
            return await SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Slow();
        }
    }

    /// <summary>Reads a body and stops at the limit, whatever length was announced.</summary>
    /// <exception cref="PeerException">
    /// More than <paramref name="bytesMax"/> bytes, a compressed body, or a cut.
    /// </exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBoundedAsync(
        HttpResponseMessage answer, int bytesMax, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw new PeerException("peer-encoded", "The peer sent a compressed body, which was not asked for.");
        if (answer.Content.Headers.ContentLength > bytesMax)
            throw TooLarge(bytesMax);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                if (body.Length + read > bytesMax)
                    throw TooLarge(bytesMax);
                body.Write(buffer, 0, read);
            }
            return body.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PeerException("peer-unreachable", "The peer broke off its answer.", e);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var url = request.RequestUri ?? throw new ArgumentException("The request names no URL.", nameof(request));
        if (Permit(url).Refused(out var refusal, out _))
            throw new PeerException(refusal.Code, refusal.Reason);
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e) when (e.InnerException is PeerException ours)
        {
            throw ours;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException) // Bare, where it dies while connecting.
        {
            throw new PeerException("peer-unreachable", $"{url.Authority} cannot be reached.", e);
        }
        if ((int)answer.StatusCode is >= 300 and < 400 && answer.StatusCode != HttpStatusCode.NotModified)
        {
            answer.Dispose();
            throw new PeerException("peer-redirects", $"{url.Authority} redirects; give the address it leads to.");
        }
        return answer;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _lookup(host, cancel);
        // One bad address spoils the name: whoever mixes them is trying which one we take.
        if (!Array.TrueForAll(addresses, address => PeerAddress.Allows(address, host, _options)))
            throw new PeerException("peer-address", $"{host} leads to an address that peers may not have.");
        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                last = e;
                if (e is not SocketException)
                    throw;
            }
        }
        throw new PeerException("peer-unreachable", $"{host} cannot be reached.", last);
    }

    private LimitedTime Limited(TimeSpan time, CancellationToken cancel) => new(time, _time, cancel);

    private static PeerException Slow() => new("peer-slow", "The peer did not answer in time.");

    private static PeerException TooLarge(int bytesMax) =>
        new("peer-too-large", $"The peer's answer is larger than {bytesMax} bytes.");

    /// <summary>A token that ends with the caller's, or when the time is over.</summary>
    private sealed class LimitedTime : IDisposable
    {
        private readonly CancellationTokenSource _clock;
        private readonly CancellationTokenSource _both;

        public LimitedTime(TimeSpan time, TimeProvider provider, CancellationToken cancel)
        {
            _clock = new CancellationTokenSource(time, provider);
            _both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _clock.Token);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _clock.Dispose();
        }
    }
}
