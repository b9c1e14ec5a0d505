namespace Millrace.ConformanceHost;

/// <summary>What to do in a process.</summary>
/// <param name="State">Once it is in this state, by whichever side.</param>
/// <param name="Act">An act of the management API.</param>
public sealed record Step(string State, string Act);

/// <summary>
/// What the kit expects of the connector for each of its data sets and agreements. Steps are taken in order, each once;
/// where there is none left, or none at all, the connector holds still.
/// </summary>
public static class Scripts
{
    private static readonly Step[] _hold = [];

    /// <summary>Negotiations with us as provider, by data set.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Step>> ProviderNegotiations = Table(
        ("ACN0101", [new("Requested", "offer")]),
        ("ACN0102", [new("Requested", "offer"), new("Requested", "terminate")]),
        ("ACN0103", [new("Requested", "offer"), new("Accepted", "agree"), new("Verified", "finalize")]),
        ("ACN0104", [new("Requested", "agree"), new("Verified", "finalize")]),
        ("ACN0201", [new("Requested", "terminate")]),
        ("ACN0202", _hold),
        ("ACN0203", [new("Requested", "agree")]),
        ("ACN0204", [new("Requested", "offer")]),
        ("ACN0205", [new("Requested", "offer"), new("Offered", "terminate")]),
        ("ACN0206", [new("Requested", "offer"), new("Accepted", "terminate")]),
        ("ACN0207", [new("Requested", "agree"), new("Verified", "terminate")]),
        ("ACN0301", [new("Requested", "agree"), new("Verified", "finalize")]),
        ("ACN0302", [new("Requested", "offer")]),
        ("ACN0303", [new("Requested", "offer")]),
        ("ACN0304", [new("Requested", "offer")]));

    /// <summary>Negotiations with us as consumer, by data set; a trigger begins each with a request.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Step>> ConsumerNegotiations = Table(
        ("ACNC0101", [new("Offered", "accept"), new("Agreed", "verify")]),
        ("ACNC0102", [new("Offered", "counter")]),
        ("ACNC0103", [new("Offered", "terminate")]),
        ("ACNC0104", [new("Agreed", "verify")]),
        ("ACNC0201", _hold),
        ("ACNC0202", [new("Requested", "terminate")]),
        ("ACNC0203", [new("Agreed", "terminate")]),
        ("ACNC0204", _hold),
        ("ACNC0205", [new("Offered", "accept")]),
        ("ACNC0206", [new("Agreed", "verify")]),
        ("ACNC0301", _hold),
        ("ACNC0302", _hold),
        ("ACNC0303", _hold),
        ("ACNC0304", [new("Offered", "accept")]),
        ("ACNC0305", [new("Offered", "accept")]),
        ("ACNC0306", [new("Offered", "accept")]));

    /// <summary>Transfers with us as provider, by agreement.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Step>> ProviderTransfers = Table(
        ("ATP0101", [new("Requested", "start"), new("Started", "terminate")]),
        ("ATP0102", [new("Requested", "start"), new("Started", "complete")]),
        ("ATP0103", [new("Requested", "start"), new("Started", "suspend"), new("Suspended", "terminate")]),
        ("ATP0104",
        [
            new("Requested", "start"), new("Started", "suspend"), new("Suspended", "start"), new("Started", "complete"),
        ]),
        ("ATP0105", [new("Requested", "terminate")]),
        ("ATP0201", [new("Requested", "start")]),
        ("ATP0202", [new("Requested", "start")]),
        ("ATP0203", [new("Requested", "start")]),
        ("ATP0204", [new("Requested", "start")]),
        ("ATP0205", _hold),
        ("ATP0301", _hold),
        ("ATP0302", _hold),
        ("ATP0303", [new("Requested", "start")]),
        ("ATP0304", [new("Requested", "start")]),
        ("ATP0305", [new("Requested", "start")]),
        ("ATP0306", [new("Requested", "start")]));

    /// <summary>Transfers with us as consumer, by agreement; a trigger begins each with a request.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Step>> ConsumerTransfers = Table(
        ("ATPC0101", _hold),
        ("ATPC0102", _hold),
        ("ATPC0103", _hold),
        ("ATPC0104", _hold),
        ("ATPC0105", _hold),
        ("ATPC0201", [new("Started", "terminate")]),
        ("ATPC0202", [new("Started", "complete")]),
        ("ATPC0203", [new("Started", "suspend"), new("Suspended", "terminate")]),
        ("ATPC0204", [new("Started", "suspend"), new("Suspended", "start"), new("Started", "complete")]),
        ("ATPC0205", [new("Requested", "terminate")]),
        ("ATPC0301", _hold),
        ("ATPC0302", _hold),
        ("ATPC0303", _hold),
        ("ATPC0304", _hold),
        ("ATPC0305", _hold),
        ("ATPC0306", _hold));

    /// <summary>The steps for a process about this data set or agreement; none for others.</summary>
    public static IReadOnlyList<Step> Of(string subject) =>
        new[] { ProviderNegotiations, ConsumerNegotiations, ProviderTransfers, ConsumerTransfers }
            .Select(table => table.GetValueOrDefault(subject))
            .FirstOrDefault(steps => steps is not null) ?? _hold;

    private static Dictionary<string, IReadOnlyList<Step>> Table(
        params (string Subject, IReadOnlyList<Step> Steps)[] rows) =>
        rows.ToDictionary(row => row.Subject, row => row.Steps);
}
