namespace Millrace.Node.Sharing;

/// <summary>What a client says that it can take, and so the form of the answer.</summary>
/// <param name="IsDelta">The lines of the delta format; else of the parquet format, which every client reads.</param>
/// <param name="EndsStream">The client reads a last line about the answer itself.</param>
/// <param name="FileIdHash">The way of naming files that it asks to be confirmed.</param>
public sealed record Capabilities(bool IsDelta, bool EndsStream, string? FileIdHash)
{
    public const string Header = "delta-sharing-capabilities";
    private const string HashHeader = "fileidhash";

    /// <summary>What the headers say. Who knows both formats gets parquet: no table here needs more.</summary>
    public static Outcome<Capabilities> Of(HttpContext http)
    {
        var parts = http.Request.Headers[Header].ToString().ToLowerInvariant()
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
        var formats = parts["responseformat"]
            .SelectMany(f => f.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (formats.Count > 0 && !formats.Contains("parquet") && !formats.Contains("delta"))
            return SharingError.Bad("responseformat must be parquet or delta.");
        var hash = http.Request.Headers[HashHeader].ToString().ToLowerInvariant();
        if (hash is not ("" or "parquet" or "delta"))
            return SharingError.Bad("fileidhash must be parquet or delta.");
        return new Capabilities(
            formats.Count > 0 && !formats.Contains("parquet"), parts["includeendstreamaction"].Contains("true"),
            hash.Length == 0 ? null : hash);
    }

    /// <summary>Says what was used.</summary>
    public void Confirm(HttpResponse response)
    {
        response.Headers[Header] =
            $"responseformat={(IsDelta ? "delta" : "parquet")}{(EndsStream ? ";includeendstreamaction=true" : "")}";
        if (FileIdHash is not null)
            response.Headers[HashHeader] = FileIdHash;
    }
}
