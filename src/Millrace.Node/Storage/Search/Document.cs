using System.Security.Cryptography;
using System.Text;

namespace Millrace.Node.Storage.Search;

/// <summary>Where in a document a word stands: the better place first.</summary>
public enum Place
{
    Title,
    Keyword,
    Description,

    /// <summary>No word of people: a name that must match whole.</summary>
    Name,
}

/// <summary>What is found by its words.</summary>
/// <param name="Names">Names under which it is found whole, see <see cref="NameOf"/>.</param>
public sealed record Document(
    string Title, IReadOnlyList<string> Keywords, string Description, IReadOnlyList<string> Names)
{
    private const int NameLengthMax = 120;

    /// <summary>A name as a term of its own: no word of a text looks like it.</summary>
    /// <param name="kind">What is named, in a word.</param>
    public static string NameOf(string kind, string name)
    {
        // PostgreSQL indexes no long values and stores no NUL; a digest says as much as the name.
        var plain = name.Length <= NameLengthMax && !name.Any(char.IsControl)
            ? name
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"{kind}={plain}";
    }

    /// <summary>Each term with its best place; those of the title come first where there are too many.</summary>
    public IReadOnlyDictionary<string, Place> Terms(int max)
    {
        var terms = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var name in Names)
            terms.TryAdd(name, Place.Name);
        Add(Words.Of(Title), Place.Title);
        Add(Keywords.SelectMany(Words.Of), Place.Keyword);
        Add(Words.Of(Description), Place.Description);
        return terms;

        void Add(IEnumerable<string> words, Place place)
        {
            foreach (var word in words)
            {
                if (terms.Count >= max)
                    return;
                terms.TryAdd(word, place);
            }
        }
    }
}
