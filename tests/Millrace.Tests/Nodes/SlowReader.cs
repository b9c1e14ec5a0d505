using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Tests.Nodes;

/// <summary>Reads the head of the answer, and then nothing until it is told to.</summary>
internal sealed class SlowReader : IDisposable
{
    private readonly TcpClient _client = new() { ReceiveBufferSize = 4096 };
    private long _received;

    public long Length { get; private set; }

    public string Read { get; private set; } = "";

    public static async Task<SlowReader> OpenAsync(Uri csv, string token)
    {
        var reader = new SlowReader();
        await reader._client.ConnectAsync(csv.Host, csv.Port, TestNode.Cancel);
        var request = $"GET {csv.PathAndQuery} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n";
        await reader._client.Client.SendAsync(Encoding.ASCII.GetBytes(request), TestNode.Cancel);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await reader._client.Client.ReceiveAsync(one, TestNode.Cancel));
            head.Append((char)one[0]);
        }
        Assert.StartsWith("HTTP/1.1 200", head.ToString(), StringComparison.Ordinal);
        var headers = head.ToString().Split("\r\n").Where(l => l.Contains(": ", StringComparison.Ordinal))
            .Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        reader.Length = long.Parse(headers["Content-Length"], CultureInfo.InvariantCulture);
        reader.Read = headers["Millrace-Read"];
        return reader;
    }

    /// <summary>Reads until the whole answer is there, or the node has cut it.</summary>
    /// <returns>The bytes of the body.</returns>
    public async Task<long> ReadToEndAsync()
    {
        var buffer = new byte[1 << 20];
        try
        {
            while (_received < Length &&
                await _client.Client.ReceiveAsync(buffer, TestNode.Cancel) is > 0 and var read)
            {
                _received += read;
            }
        }
        catch (SocketException)
        {
            // Cut.
        }
        return _received;
    }

    public void Dispose() => _client.Dispose();
}
