using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Millrace.Benchmarks;

/// <summary>A plain server of one file, without rules: nginx where it is installed, else the framework's own.</summary>
internal sealed class StaticFiles : IAsyncDisposable
{
    private const string Nginx = "/usr/sbin/nginx";
    private readonly Func<ValueTask> _stop;

    private StaticFiles(string name, Uri address, Func<ValueTask> stop) =>
        (Name, Address, _stop) = (name, address, stop);

    public string Name { get; }

    public Uri Address { get; }

    public static async Task<StaticFiles> StartAsync(Bench bench, string file, CancellationToken cancel)
    {
        var port = NodeProcess.FreePort();
        var address = new Uri(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{Path.GetFileName(file)}"));
        return File.Exists(Nginx)
            ? await NginxAsync(bench, file, port, address, cancel)
            : await KestrelAsync(file, port, address, cancel);
    }

    public ValueTask DisposeAsync() => _stop();

    private static async Task<StaticFiles> NginxAsync(
        Bench bench, string file, int port, Uri address, CancellationToken cancel)
    {
        var folder = bench.NewFolder("nginx");
        var settings = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            settings,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                  daemon off; worker_processes auto; pid {{folder}}/pid; error_log {{folder}}/log; user root;
                  events { }
                  http {
                    access_log off; sendfile on; tcp_nopush on;
                    client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}};
                    uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                    server { listen 127.0.0.1:{{port}}; root {{Path.GetDirectoryName(file)}}; }
                  }
                  """),
            cancel);
        var process = Process.Start(Nginx, ["-p", folder, "-c", settings]);
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using var head = new HttpRequestMessage(HttpMethod.Head, address);
                (await http.SendAsync(head, cancel)).Dispose();
                break;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), bench.Time, cancel);
            }
        }
        return new StaticFiles("nginx", address, async () =>
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        });
    }

    private static async Task<StaticFiles> KestrelAsync(string file, int port, Uri address, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        app.Run(http => http.Response.SendFileAsync(file, http.RequestAborted));
        await app.StartAsync(cancel);
        return new StaticFiles("the framework's SendFile", address, app.DisposeAsync);
    }
}
