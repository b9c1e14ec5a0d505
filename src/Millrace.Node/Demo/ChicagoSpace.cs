using Millrace.Node.Commands;

namespace Millrace.Node.Demo;

/// <summary>Who takes part in the demo, and what each holds. The names are roles: no real body takes part.</summary>
internal sealed class ChicagoSpace(DemoNode holders, DemoNode analysts, Surroundings world, Screen screen)
{
    /// <summary>The holders' products, in the words of <c>millrace publish</c>.</summary>
    public static IReadOnlyList<ChicagoProduct> Products { get; } =
    [
        new("airlines", "flights", "flights-chicago-2001.parquet", "Flights of Chicago, 2001",
            "Every reported flight to or from O'Hare and Midway, 22 January to 30 June 2001."),
        new("transit", "ridership", "l-ridership-2001.csv", "Rides on the 'L', 2001",
            "Rides at 20 stations of the Chicago 'L', each day, 22 January to 30 June 2001."),
        new("weather", "weather", "weather-chicago-2001.csv", "Weather of Chicago, 2001",
            "The weather of each day, 22 January to 30 June 2001."),
    ];

    public DemoPerson Operator { get; } = new(holders, "chicago", world, screen);

    /// <summary>The one with the need.</summary>
    public DemoPerson Analyst { get; } = new(analysts, "travel-desk", world, screen);

    /// <summary>One who has no agreement.</summary>
    public DemoPerson Stranger { get; } = new(analysts, "advertiser", world, screen);

    public DemoPerson Holder(ChicagoProduct product) => new(holders, product.Holder, world, screen);

    /// <summary>Everybody who has a log, with the node that keeps it.</summary>
    public IEnumerable<DemoPerson> Everybody => [Operator, .. Products.Select(Holder), Analyst, Stranger];

    /// <summary>Participants with their titles for people.</summary>
    public IEnumerable<(DemoPerson Person, string Title, bool Operator)> Members =>
    [
        (Operator, "Chicago Data Space", true),
        (Holder(Products[0]), "Airline Office", false),
        (Holder(Products[1]), "Transit Authority", false),
        (Holder(Products[2]), "Weather Service", false),
        (Analyst, "City Travel Desk", false),
        (Stranger, "Advertiser", false),
    ];
}

/// <summary>A product of the demo.</summary>
/// <param name="File">In the folder of the samples.</param>
internal sealed record ChicagoProduct(string Holder, string Id, string File, string Title, string Description)
{
    private static string Samples => System.IO.Path.Combine(AppContext.BaseDirectory, "samples");

    /// <summary>The question that needs all products, as SQL.</summary>
    public static string Question => System.IO.Path.Combine(Samples, "chicago.sql");

    public string Path => System.IO.Path.Combine(Samples, File);

    public string Offer => System.IO.Path.Combine(Samples, "offers", $"{Id}.json");
}
