using System.Diagnostics;

namespace Millrace.Benchmarks;

/// <summary>Measured times, in milliseconds. Safe for concurrent use.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public int Count
    {
        get
        {
            lock (_values)
                return _values.Count;
        }
    }

    public double Median => Percentile(0.5);

    public double P95 => Percentile(0.95);

    public double P99 => Percentile(0.99);

    public void Add(double milliseconds)
    {
        lock (_values)
            _values.Add(milliseconds);
    }

    /// <summary>Times an action.</summary>
    public async Task TimeAsync(Func<Task> action)
    {
        var began = Stopwatch.GetTimestamp();
        await action();
        Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>The smallest measured value that at least this part of all values does not exceed.</summary>
    public double Percentile(double part)
    {
        lock (_values)
        {
            if (_values.Count == 0)
                throw new InvalidOperationException("Nothing was measured.");
            var sorted = _values.Order().ToList();
            return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
        }
    }
}
