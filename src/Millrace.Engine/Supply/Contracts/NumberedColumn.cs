using System.Runtime.InteropServices;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>A column of some rows, its different values numbered from 0.</summary>
/// <param name="Cells">Of each row the number of its value; <see cref="None"/> where it has none.</param>
/// <param name="Values">How many different ones there are.</param>
internal sealed record NumberedColumn(int[] Cells, int Values)
{
    public const int None = -1;

    /// <param name="cells">Null where a row has no value.</param>
    public static NumberedColumn Of(IEnumerable<object?> cells)
    {
        var numbers = new Dictionary<object, int>();
        int[] numbered = [.. cells.Select(cell => cell is null ? None : Number(numbers, cell))];
        return new NumberedColumn(numbered, numbers.Count);
    }

    /// <summary>The values of both together; none where one has none.</summary>
    public static NumberedColumn Both(NumberedColumn a, NumberedColumn b)
    {
        var numbers = new Dictionary<long, int>();
        var cells = new int[a.Cells.Length];
        for (var row = 0; row < cells.Length; row++)
        {
            var (x, y) = (a.Cells[row], b.Cells[row]);
            cells[row] = x == None || y == None ? None : Number(numbers, ((long)x * b.Values) + y);
        }
        return new NumberedColumn(cells, numbers.Count);
    }

    /// <summary>Rows that agree in this column agree in another one, where they have values.</summary>
    public bool Determines(NumberedColumn other)
    {
        var found = new int[Values];
        Array.Fill(found, None);
        for (var row = 0; row < Cells.Length; row++)
        {
            var (key, value) = (Cells[row], other.Cells[row]);
            if (key == None || value == None) continue;
            if (found[key] == None) found[key] = value;
            else if (found[key] != value) return false;
        }
        return true;
    }

    /// <summary>How often each value occurs in some of the rows, all of which have one.</summary>
    public IEnumerable<int> Counts(IReadOnlyCollection<int> rows)
    {
        var counts = new Dictionary<int, int>();
        foreach (var row in rows)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Cells[row], out _)++;
        return counts.Values;
    }

    private static int Number<T>(Dictionary<T, int> numbers, T value)
        where T : notnull
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, value, out var isKnown);
        if (!isKnown) number = numbers.Count - 1;
        return number;
    }
}
