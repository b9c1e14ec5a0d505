namespace Millrace.Engine.Supply.States;

/// <summary>Where chosen rows lie in a file, so that their cells can be picked out of the batches that pass.</summary>
internal sealed class ChosenPlaces
{
    private readonly long[] _places; // Ascending.
    private readonly int[] _rows; // Among the chosen, by place.

    public ChosenPlaces(ChosenRows chosen)
    {
        (_places, _rows) = ([.. chosen.Places], [.. Enumerable.Range(0, chosen.Places.Length)]);
        Array.Sort(_places, _rows);
    }

    /// <summary>The chosen rows in a batch: which of the chosen, and which of the batch.</summary>
    /// <param name="first">The place in the file of the batch's first row.</param>
    public IEnumerable<(int Row, int OfBatch)> Within(long first, int length)
    {
        var at = Array.BinarySearch(_places, first);
        for (at = at < 0 ? ~at : at; at < _places.Length && _places[at] < first + length; at++)
            yield return (_rows[at], (int)(_places[at] - first));
    }
}
