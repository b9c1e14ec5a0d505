namespace Millrace.Protocol.Transfers;

/// <summary>Where data is fetched from (pull) or sent to (push), and with what (DSP 2025-1, Data Address).</summary>
/// <param name="EndpointType">Names what kind of endpoint it is, and so what the properties mean.</param>
/// <param name="Endpoint">Usually a URL; what it is depends on the type.</param>
public sealed record DataAddress(string EndpointType, string? Endpoint, IReadOnlyList<EndpointProperty> Properties)
{
    /// <summary>An HTTP endpoint.</summary>
    public const string HttpType = "https://w3id.org/idsa/v4.1/HTTP";

    /// <summary>An HTTP endpoint that asks for a bearer token.</summary>
    public static DataAddress Http(Uri endpoint, string token) => new(
        HttpType, endpoint.OriginalString,
        [
            new EndpointProperty(EndpointProperty.Authorization, token),
            new EndpointProperty(EndpointProperty.AuthType, "bearer"),
        ]);

    /// <summary>The value of the first property of that name; null if there is none.</summary>
    public string? Property(string name) => Properties.FirstOrDefault(property => property.Name == name)?.Value;

    /// <summary>Without the values of properties: they are secrets.</summary>
    public override string ToString() => $"{EndpointType} {Endpoint}";
}

/// <summary>A named value that an endpoint needs.</summary>
/// <param name="Value">Often a secret: never write it to a log.</param>
public sealed record EndpointProperty(string Name, string Value)
{
    /// <summary>The name of an opaque token.</summary>
    public const string Authorization = "authorization";

    /// <summary>The name of the way to present the token, such as <c>bearer</c>.</summary>
    public const string AuthType = "authType";

    /// <summary>The name of the address at which the same token opens the data by the Delta Sharing protocol.</summary>
    public const string DeltaSharing = Dspace.MillraceNamespace + "deltaSharing";

    /// <summary>The name of the address at which the same token opens the data by Arrow Flight.</summary>
    public const string ArrowFlight = Dspace.MillraceNamespace + "arrowFlight";

    public override string ToString() => Name;
}
