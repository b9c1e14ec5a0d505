namespace Millrace.Protocol.Policies;

/// <summary>A place of a template that whoever uses it fills in.</summary>
/// <param name="Expected">What may stand there, for people.</param>
/// <param name="Usual">What stands there if nothing is said; empty: nothing does; null: it must be said.</param>
public sealed record Blank(string Name, string English, string Chinese, string Expected, string? Usual = null);

/// <summary>An offer with blanks.</summary>
public sealed class PolicyTemplate
{
    private readonly Func<Func<string, string>, Policy> _write;
    private readonly IReadOnlyDictionary<string, Func<string, bool>> _fits;

    internal PolicyTemplate(
        string name, string english, string chinese, IReadOnlyList<(Blank Blank, Func<string, bool> Fits)> blanks,
        Func<Func<string, string>, Policy> write)
    {
        (Name, English, Chinese, _write) = (name, english, chinese, write);
        Blanks = [.. blanks.Select(b => b.Blank)];
        _fits = blanks.ToDictionary(b => b.Blank.Name, b => b.Fits);
    }

    public string Name { get; }

    /// <summary>What it is for, in one sentence.</summary>
    public string English { get; }

    public string Chinese { get; }

    public IReadOnlyList<Blank> Blanks { get; }

    /// <summary>
    /// The offer with its blanks filled; its id is <c>draft</c>. Refuses with the name of the blank as rule:
    /// <c>unknown-blank</c>, <c>missing-blank</c>, <c>bad-value</c>.
    /// </summary>
    public Decision<Policy> Fill(IReadOnlyDictionary<string, string> values)
    {
        foreach (var name in values.Keys)
            if (!_fits.ContainsKey(name))
                return new Refusal(
                    "unknown-blank",
                    $"{Name} has no blank {name}; it has: {string.Join(", ", Blanks.Select(b => b.Name))}.", name);
        var filled = new Dictionary<string, string>();
        foreach (var blank in Blanks)
        {
            if ((values.GetValueOrDefault(blank.Name) ?? blank.Usual) is not { } value)
                return new Refusal(
                    "missing-blank", $"Say {blank.Name}=…: {blank.English} ({blank.Expected}).", blank.Name);
            if (value.Length == 0 ? blank.Usual is not "" : !_fits[blank.Name](value))
                return new Refusal("bad-value", $"{blank.Name} must be {blank.Expected}.", blank.Name);
            filled[blank.Name] = value;
        }

        return _write(name => filled[name]);
    }
}
