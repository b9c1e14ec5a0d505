using System.CommandLine;
using System.Globalization;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Commands;

/// <summary>
/// Where a node keeps objects, and how much disk its cache takes. Each setting can stand in the environment, where
/// commands that start a node for a moment find it too; the key stands only there, since others see a command line.
/// </summary>
internal sealed class StorageOptions
{
    private const string BucketVariable = "MILLRACE_S3_BUCKET";
    private const string EndpointVariable = "MILLRACE_S3_ENDPOINT";
    private const string RegionVariable = "MILLRACE_S3_REGION";
    private const string PathStyleVariable = "MILLRACE_S3_PATH_STYLE";
    private const string CacheVariable = "MILLRACE_CACHE_MAX";
    private const long Mebibyte = 1024 * 1024;

    private readonly Option<string?> _bucket = new("--s3-bucket")
    {
        Description = $"Keep objects in this bucket (else {BucketVariable}); without it in the data folder. Its key is "
            + $"read from {S3Options.KeyIdVariable} and {S3Options.SecretVariable}.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _endpoint = new("--s3-endpoint")
    {
        Description = $"The store that has the bucket (else {EndpointVariable}); without it Amazon's.",
        HelpName = "URL",
    };

    private readonly Option<string?> _region = new("--s3-region")
    {
        Description = $"The region of the bucket (else {RegionVariable}, else {S3Options.UsualRegion}).",
        HelpName = "NAME",
    };

    private readonly Option<bool?> _pathStyle = new("--s3-path-style")
    {
        Description = $"Whether the bucket stands in the path (else {PathStyleVariable}, else where an endpoint is "
            + "named).",
        HelpName = "true|false",
    };

    private readonly Option<long?> _cache = new("--cache-max")
    {
        Description = $"Disk for governed views and copies of objects, in MiB (else {CacheVariable}, else "
            + $"{Limits.Default.CacheBytesMax / Mebibyte}).",
        HelpName = "MIB",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_bucket, _endpoint, _region, _pathStyle, _cache])
            command.Options.Add(option);
    }

    /// <summary>The options of a node, with what was typed and what the environment says.</summary>
    public NodeOptions Apply(NodeOptions options, Run run) => Apply(
        options, run.World,
        new Typed(
            run.Value(_bucket), run.Value(_endpoint), run.Value(_region), run.Value(_pathStyle), run.Value(_cache)));

    /// <summary>The options of a node, with what the environment says.</summary>
    public static NodeOptions Apply(NodeOptions options, Surroundings world) =>
        Apply(options, world, new Typed(null, null, null, null, null));

    private static NodeOptions Apply(NodeOptions options, Surroundings world, Typed typed)
    {
        var cache = typed.Cache ?? (Said(world, CacheVariable) is { } text ? Number(text) : null);
        return options with
        {
            S3 = (typed.Bucket ?? Said(world, BucketVariable)) is { } bucket ? Store(bucket, world, typed) : null,
            Limits = cache is { } most ? options.Limits with { CacheBytesMax = most * Mebibyte } : options.Limits,
        };
    }

    private static S3Options Store(string bucket, Surroundings world, Typed typed)
    {
        var endpoint = typed.Endpoint ?? Said(world, EndpointVariable);
        return new S3Options(
            bucket, endpoint is null ? null : Address(endpoint),
            typed.Region ?? Said(world, RegionVariable) ?? S3Options.UsualRegion,
            Said(world, S3Options.KeyIdVariable) ?? "", Said(world, S3Options.SecretVariable) ?? "",
            typed.IsPathStyle ?? (Said(world, PathStyleVariable) is { } text ? Truth(text) : endpoint is not null));
    }

    private static string? Said(Surroundings world, string variable) =>
        world.Variable(variable) is { Length: > 0 } text ? text : null;

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw CommandFailedException.BadInput("--s3-endpoint must be an address such as https://s3.example.org.");

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw CommandFailedException.BadInput($"{CacheVariable} must be a number of MiB, such as 20480.");

    private static bool Truth(string text) =>
        bool.TryParse(text, out var truth)
            ? truth
            : throw CommandFailedException.BadInput($"{PathStyleVariable} must be true or false.");

    private sealed record Typed(string? Bucket, string? Endpoint, string? Region, bool? IsPathStyle, long? Cache);
}
