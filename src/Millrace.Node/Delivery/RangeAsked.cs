using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Millrace.Node.Delivery;

/// <summary>
/// Which part of a view a request asks for (RFC 9110 §14). Several ranges at once are answered in full.
/// </summary>
/// <param name="IsPartial">Answer 206 rather than 200.</param>
/// <param name="IsSatisfiable">False: 416.</param>
internal readonly record struct RangeAsked(FilePart Part, bool IsPartial, bool IsSatisfiable)
{
    public static RangeAsked Of(RequestHeaders headers, EntityTagHeaderValue tag, long length)
    {
        var whole = new RangeAsked(new FilePart(0, length), false, true);
        if (headers.Range is not { Ranges.Count: 1 } range || range.Unit != "bytes" || !Holds(headers.IfRange, tag))
            return whole;
        var asked = range.Ranges.Single();
        if (asked.From is { } from)
        {
            var to = Math.Min(asked.To ?? length - 1, length - 1);
            return from < length ? new(new FilePart(from, to - from + 1), true, true) : new(default, true, false);
        }
        var tail = Math.Min(asked.To ?? 0, length);
        return tail > 0 ? new(new FilePart(length - tail, tail), true, true) : new(default, true, false);
    }

    /// <summary>If-Range: the part is wanted only of the view that the reader has begun.</summary>
    private static bool Holds(RangeConditionHeaderValue? condition, EntityTagHeaderValue tag) =>
        condition is null || (condition.EntityTag?.Compare(tag, useStrongComparison: true) ?? false);
}
