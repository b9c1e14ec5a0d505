namespace Millrace.Engine.Delivery;

/// <summary>How each format is written.</summary>
internal static class ViewForms
{
    /// <summary>The options of a COPY, without the parentheses.</summary>
    public static string Of(ViewFormat format) => Form(format) + ", USE_TMP_FILE false";

    private static string Form(ViewFormat format) => format switch
    {
        ViewFormat.Parquet => "FORMAT parquet, COMPRESSION zstd",
        ViewFormat.Csv =>
            "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\\r\\n'",
        ViewFormat.JsonLines => "FORMAT json",
        _ => throw new InvalidOperationException($"There is no format {format}."),
    };
}
