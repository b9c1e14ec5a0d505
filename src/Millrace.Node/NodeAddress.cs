using Millrace.Protocol;

namespace Millrace.Node;

/// <summary>The addresses under which others reach this node and its participants.</summary>
public sealed class NodeAddress
{
    private const string DspPath = "/dsp/2025-1";
    private const string CataloguePath = DspPath + "/catalog";

    private Uri? _public;

    /// <summary>
    /// The public address, without a trailing slash in what is built on it. Known once the node listens.
    /// </summary>
    public Uri Public
    {
        get => Check.NotNull(_public);
        set => _public = value;
    }

    /// <summary>Where Arrow Flight is served; null: it is not.</summary>
    public Uri? Flight { get; set; }

    /// <summary>A participant's DID: <c>did:web:host%3Aport:participant</c>.</summary>
    public string Did(string participant) =>
        $"did:web:{Public.Authority.Replace(":", "%3A", StringComparison.Ordinal)}:{participant}";

    /// <summary>The root below which a participant's protocol versions are listed.</summary>
    public Uri DspRoot(string participant) => Below($"{participant}/dsp");

    /// <summary>The base of a participant's Dataspace Protocol 2025-1 endpoints; peers call us back below it.</summary>
    public Uri DspBase(string participant) => Below($"{participant}{DspPath}");

    /// <summary>A participant's catalogue, as it is told to people.</summary>
    public Uri Catalogue(string participant) => Below($"{participant}{CataloguePath}");

    /// <summary>The participant whose <see cref="Catalogue"/> an address is; any other is given back.</summary>
    public static Uri OwnerOf(Uri address) =>
        address.AbsolutePath.EndsWith(CataloguePath, StringComparison.Ordinal)
            ? new Uri(address, address.AbsolutePath[..^CataloguePath.Length])
            : address;

    /// <summary>Where anybody reads the key that checks a participant's log: below the log's own name.</summary>
    public Uri LogKey(string participant) => Below($"{participant}/log/key");

    /// <summary>Where a transfer's data are read.</summary>
    public Uri Data(string participant, string transfer) =>
        Below($"{participant}/data/{Uri.EscapeDataString(transfer)}");

    /// <summary>A participant's Delta Sharing endpoint, as profile files name it.</summary>
    public Uri Sharing(string participant) => Below($"{participant}/sharing");

    private Uri Below(string path) => new($"{Public.GetLeftPart(UriPartial.Authority)}/{path}");
}
