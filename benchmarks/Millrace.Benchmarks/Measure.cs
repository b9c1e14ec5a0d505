namespace Millrace.Benchmarks;

/// <summary>Something that is measured. It starts and stops whatever it needs, and leaves nothing behind.</summary>
/// <param name="Name">As it is typed after <c>./bench</c>.</param>
/// <param name="Title">As it stands over its table.</param>
internal sealed record Measure(
    string Name, string Title, Func<Bench, CancellationToken, Task<IReadOnlyList<Figure>>> RunAsync)
{
    /// <summary>All of them, in the order of running.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        new("start", "Start and idle memory of the released program", StartMeasure.RunAsync),
        new("negotiation", "Negotiation to FINALIZED between two nodes, SQLite", NegotiationMeasure.OnSqliteAsync),
        new("postgresql", "Negotiation to FINALIZED, PostgreSQL", NegotiationMeasure.OnPostgresAsync),
        new("catalogue", "Catalogue of 100 000 products: pages, and searching it", CatalogueMeasure.RunAsync),
        new("read", "Governed read against the same SQL by hand in DuckDB", ReadMeasure.RunAsync),
        new("query", "SQL over one agreement against the same SQL by hand in DuckDB", QueryMeasure.RunAsync),
        new("delivery", "Delivery of a large view against a plain static file server", DeliveryMeasure.RunAsync),
        new("profile", "Profile of a table against DuckDB's SUMMARIZE", ProfileMeasure.RunAsync),
        new("faults", "Planted faults: what the drafted contract of the clean table finds", FaultMeasure.RunAsync),
        new("detection", "Personal data: what classification tells, and false alarms", DetectionMeasure.RunAsync),
        new("fields", "Matching columns to elements, on real tables labelled by hand", FieldsMeasure.RunAsync),
        new("large", "Memory for a product of many files, several GB", LargeMeasure.RunAsync),
    ];
}
