using Microsoft.Playwright;

namespace Millrace.Tests.Portal;

/// <summary>A browser window that remembers what went wrong: errors of the console, scripts, requests.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Faults.Add(message.Text);
        };
        page.PageError += (_, error) => Faults.Add(error);
        page.RequestFailed += (_, request) => Faults.Add($"{request.Url}: {request.Failure}");
        page.Dialog += (_, dialog) => Faults.Add($"A dialogue opened: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far; a violation of the security policy is an error of the console.</summary>
    public List<string> Faults { get; } = [];

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
