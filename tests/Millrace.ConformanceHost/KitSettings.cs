namespace Millrace.ConformanceHost;

/// <summary>What the kit has to be told, by the names of its configuration.</summary>
public static class KitSettings
{
    private const string Prefix = "dataspacetck.dsp.";
    private const string Format = "HttpData-PULL";

    /// <param name="root">The root of the protocol; the version document lies below it.</param>
    /// <param name="triggers">The address of the triggers.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string participant, Uri root, Uri triggers) =>
    [
        new(Prefix + "local.connector", "false"),
        new(Prefix + "connector.agent.id", participant),
        new(Prefix + "connector.http.url", $"{root}/2025-1"),
        new(Prefix + "connector.http.base.url", root.AbsoluteUri),
        new(Prefix + "connector.http.headers.authorization", "Bearer conformance"),
        new(Prefix + "connector.negotiation.initiate.url", new Uri(triggers, "negotiations").AbsoluteUri),
        new(Prefix + "connector.transfer.initiate.url", new Uri(triggers, "transfers").AbsoluteUri),
        new(Prefix + "default.wait", "15"),
        new("CAT_01_01_DATASETID", "CAT0101"),
        new("CAT_01_02_DATASETID", "CAT0102"),
        new("CAT_01_03_DATASETID", "CAT0103"), // The one that is not there.
        .. Scripts.ProviderNegotiations.Keys.SelectMany<string, KeyValuePair<string, string>>(id =>
            [new($"CN_{Test(id)}_DATASETID", id), new($"CN_{Test(id)}_OFFERID", Seed.OfferOf(id))]),
        .. Scripts.ConsumerNegotiations.Keys.Select(id =>
            new KeyValuePair<string, string>($"CN_C_{Test(id)}_DATASETID", id)),
        .. Scripts.ProviderTransfers.Keys.SelectMany(id => Transfer("TP", id)),
        .. Scripts.ConsumerTransfers.Keys.SelectMany(id => Transfer("TP_C", id)),
    ];

    private static KeyValuePair<string, string>[] Transfer(string group, string id) =>
        [new($"{group}_{Test(id)}_AGREEMENTID", id), new($"{group}_{Test(id)}_FORMAT", Format)];

    /// <summary><c>ACN0102</c> belongs to the test <c>01_02</c>.</summary>
    private static string Test(string id) => $"{id[^4..^2]}_{id[^2..]}";
}
