namespace Millrace.Engine.Supply;

/// <summary>How far two words are apart.</summary>
public static class TextDistance
{
    /// <summary>
    /// Letters to add, leave out or replace until one word is the other, upper and lower case the same; more than
    /// <paramref name="most"/> is not counted out.
    /// </summary>
    public static int Edits(string one, string other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most)
            return most + 1;
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
                row[j] = Math.Min(above[j - 1] + (same ? 0 : 1), Math.Min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[^1];
    }
}
