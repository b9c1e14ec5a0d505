namespace Millrace.Benchmarks;

/// <summary>Reading answers as a data tool would: to the end, in large pieces.</summary>
internal static class Bytes
{
    private const int PieceBytes = 1 << 17;

    /// <param name="file">Where to keep them; null: nowhere.</param>
    /// <returns>How many there were.</returns>
    public static async Task<long> DrainAsync(HttpResponseMessage answer, string? file, CancellationToken cancel)
    {
        await using var from = await answer.Content.ReadAsStreamAsync(cancel);
        await using var to = file is null ? Stream.Null : File.Create(file);
        var piece = new byte[PieceBytes];
        var all = 0L;
        while (await from.ReadAsync(piece, cancel) is > 0 and var read)
        {
            await to.WriteAsync(piece.AsMemory(0, read), cancel);
            all += read;
        }
        return all;
    }
}
