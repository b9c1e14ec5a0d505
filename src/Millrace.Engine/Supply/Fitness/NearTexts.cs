namespace Millrace.Engine.Supply.Fitness;

/// <summary>
/// Finds texts that are nearly an earlier one: those that share a band of their signatures are compared. Of texts that
/// share eight in ten shingles 998 in 1 000 share a band.
/// </summary>
internal sealed class NearTexts
{
    /// <summary>From this share of common shingles on two texts are nearly the same.</summary>
    public const double Near = 0.8;

    private const int Bands = 21, BandLength = 6;

    private readonly Dictionary<ulong, MinHash> _first = [];

    public long Texts { get; private set; }

    public long NearOnes { get; private set; }

    public void Add(MinHash text)
    {
        var isNear = false;
        for (var band = 0; band < Bands; band++)
        {
            var name = text.Band(band * BandLength, BandLength);
            if (!_first.TryAdd(name, text)) isNear = isNear || _first[name].Likeness(text) >= Near;
        }
        Texts++;
        if (isNear) NearOnes++;
    }
}
