namespace Millrace.Node.Storage.Objects;

/// <summary>Where an S3-compatible store is, and with which key it is used.</summary>
/// <param name="Endpoint">Null: Amazon's, of the region.</param>
/// <param name="IsPathStyle">The bucket stands in the path and not before the host name, as most servers want it that
/// are not Amazon's.</param>
public sealed record S3Options(
    string Bucket, Uri? Endpoint, string Region, string KeyId, string Secret, bool IsPathStyle)
{
    public const string UsualRegion = "us-east-1";
    public const string KeyIdVariable = "MILLRACE_S3_KEY_ID";
    public const string SecretVariable = "MILLRACE_S3_SECRET";

    /// <summary>In words for people; no secret.</summary>
    public string Place => $"the bucket {Bucket} at {Endpoint?.AbsoluteUri.TrimEnd('/') ?? $"Amazon, {Region}"}";

    /// <summary>Everything that is wrong, each in one sentence.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (Bucket.Length is < 3 or > 63 || !Bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            errors.Add("--s3-bucket must be the name of a bucket, such as my-data.");
        if (Endpoint is { } address && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")
            || address.Query.Length + address.Fragment.Length + address.UserInfo.Length > 0))
        {
            errors.Add("--s3-endpoint must be an address such as https://s3.example.org.");
        }
        if (Region.Length == 0 || !Region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            errors.Add($"--s3-region must be the name of a region, such as {UsualRegion}.");
        if (KeyId.Length == 0 || Secret.Length == 0)
            errors.Add($"The store needs a key: set {KeyIdVariable} and {SecretVariable} in the environment.");
        return errors;
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => Place;
}
