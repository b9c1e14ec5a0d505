using System.Globalization;

namespace Millrace.Node.Hosting;

/// <summary>Counts in queries of the management API: what is out of range is refused, and not made to fit.</summary>
internal static class QueryRanges
{
    public static ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var limits = http.RequestServices.GetRequiredService<Clock>().Limits;
        foreach (var (name, least, most) in new[]
        {
            ("limit", 1, limits.PageMax),
            ("skip", 0, limits.FindingsMax),
            ("wait", 0, (int)limits.WaitMax.TotalSeconds),
        })
        {
            if (http.Request.Query[name].ToString() is { Length: > 0 } text && !IsWithin(text, least, most))
            {
                return ValueTask.FromResult<object?>(Problems.Result(
                    StatusCodes.Status400BadRequest, "bad-request",
                    $"{name} must be a whole number from {least} to {most}."));
            }
        }
        return next(context);
    }

    private static bool IsWithin(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most;
}
