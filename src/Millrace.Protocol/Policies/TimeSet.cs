namespace Millrace.Protocol.Policies;

/// <summary>
/// The moments at which something holds: disjoint spans in order, each from its first tick up to, not including, its
/// end. With it "never", "not yet" and "now" stay exact however constraints nest.
/// </summary>
internal sealed class TimeSet
{
    internal static readonly TimeSet Never = new([]);
    internal static readonly TimeSet Always = new([(0, long.MaxValue)]);

    private readonly IReadOnlyList<(long From, long To)> _spans;

    private TimeSet(IReadOnlyList<(long From, long To)> spans) => _spans = spans;

    internal static TimeSet When(bool holds) => holds ? Always : Never;

    /// <summary>Every moment that compares so with a given one.</summary>
    internal static TimeSet Compared(Operator op, DateTimeOffset moment) => op switch
    {
        Operator.Lt => Span(0, moment.UtcTicks),
        Operator.Lteq => Span(0, moment.UtcTicks + 1),
        Operator.Gt => Span(moment.UtcTicks + 1, long.MaxValue),
        Operator.Gteq => Span(moment.UtcTicks, long.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "Times are ordered, nothing else."),
    };

    internal bool Contains(DateTimeOffset moment) =>
        _spans.Any(span => span.From <= moment.UtcTicks && moment.UtcTicks < span.To);

    /// <summary>Whether it holds now or at any later moment.</summary>
    internal bool Reaches(DateTimeOffset moment) => _spans.Any(span => moment.UtcTicks < span.To);

    /// <summary>The first tick after the last moment; 0 where there is none.</summary>
    internal long End => _spans is [.., var last] ? last.To : 0;

    internal TimeSet And(TimeSet other)
    {
        var both = new List<(long, long)>();
        for (int i = 0, j = 0; i < _spans.Count && j < other._spans.Count;)
        {
            var (a, b) = (_spans[i], other._spans[j]);
            var (from, to) = (Math.Max(a.From, b.From), Math.Min(a.To, b.To));
            if (from < to) both.Add((from, to));
            // The one that ends first meets nothing more.
            if (a.To < b.To) i++;
            else j++;
        }

        return new TimeSet(both);
    }

    internal TimeSet Not()
    {
        var gaps = new List<(long, long)>();
        var from = 0L;
        foreach (var span in _spans)
        {
            if (from < span.From) gaps.Add((from, span.From));
            from = span.To;
        }

        if (from < long.MaxValue) gaps.Add((from, long.MaxValue));
        return new TimeSet(gaps);
    }

    internal TimeSet Or(TimeSet other) => Not().And(other.Not()).Not();

    internal TimeSet Except(TimeSet other) => And(other.Not());

    private static TimeSet Span(long from, long to) => from < to ? new TimeSet([(from, to)]) : Never;
}
