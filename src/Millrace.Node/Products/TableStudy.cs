using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>What is found out about a table before it is offered.</summary>
public sealed class TableStudy(Profiler profiler, Classifier classifier)
{
    /// <param name="now">The moment of publication, which freshness is measured at.</param>
    public async Task<(TableProfile Profile, QualityReport Quality, ClassificationReport Classification)> OfAsync(
        string parquet, TableSchema schema, DateTimeOffset now, CancellationToken cancel)
    {
        var classification = await classifier.ClassifyAsync(parquet, schema, cancel);
        var profile = await profiler.ProfileAsync(parquet, schema, cancel);
        return (profile, Quality.Score(profile, schema, now, Quality.LatestDate(profile, now)), classification);
    }
}
