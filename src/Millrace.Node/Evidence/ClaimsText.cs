using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Evidence;

/// <summary>Claims as entries of the log name them; what is not known is left out.</summary>
internal static class ClaimsText
{
    public static JsonObject Entry(Claims claims)
    {
        var entry = new JsonObject();
        if (claims.Seat is { } seat) entry["seat"] = seat;
        if (claims.Place is { } place) entry["place"] = place;
        if (claims.Industry is { } industry) entry["industry"] = industry;
        if (claims.Memberships is { } known)
            entry["memberships"] = new JsonArray([.. known.Select(m => (JsonNode)Text(m))]);
        return entry;
    }

    private static string Text(Membership membership) => membership.Until is { } until
        ? $"{membership} until {until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
        : membership.ToString();
}
