using System.Globalization;

namespace Millrace.Protocol.Policies;

/// <summary>What a mask does to a value.</summary>
public enum MaskKind
{
    /// <summary>Every value becomes NULL.</summary>
    Null,

    /// <summary>A keyed hash: a pseudonym, as text.</summary>
    Hash,

    /// <summary>The first characters only.</summary>
    First,

    /// <summary>The last characters only.</summary>
    Last,

    /// <summary>The nearest multiple of a step.</summary>
    Round,

    /// <summary>The first day of the month.</summary>
    DateMonth,

    /// <summary>The first day of the year.</summary>
    DateYear,
}

/// <summary>A mask on a column, as <c>mr:mask/&lt;column&gt;</c> names it.</summary>
public sealed record Mask
{
    public const string AgreementScope = "agreement";

    public static readonly Mask Null = new() { Kind = MaskKind.Null };

    private Mask()
    {
    }

    public MaskKind Kind { get; private init; }

    /// <summary>How many characters First and Last leave; otherwise 0.</summary>
    public int Chars { get; private init; }

    /// <summary>The step of <see cref="MaskKind.Round"/>; otherwise 0.</summary>
    public decimal Step { get; private init; }

    /// <summary>The scenario whose holders share the key of a Hash; null: keyed per agreement.</summary>
    public string? Scenario { get; private init; }

    /// <summary>Which key a hash needs: <c>agreement</c> or <c>scenario:x</c>; null for every other mask.</summary>
    public string? KeyScope =>
        Kind != MaskKind.Hash ? null : Scenario is null ? AgreementScope : "scenario:" + Scenario;

    /// <summary>Reads <c>null hash hash:s first:n last:n round:x date:month date:year</c>; null for all else.</summary>
    public static Mask? Parse(string text) => text.Split(':', 2) switch
    {
        ["null"] => Null,
        ["hash"] => new Mask { Kind = MaskKind.Hash },
        ["hash", { Length: > 0 and <= 100 } scenario] when scenario.All(IsNameChar) =>
            new Mask { Kind = MaskKind.Hash, Scenario = scenario },
        ["first", var n] when Count(n) is { } chars => new Mask { Kind = MaskKind.First, Chars = chars },
        ["last", var n] when Count(n) is { } chars => new Mask { Kind = MaskKind.Last, Chars = chars },
        ["round", var x] when Positive(x) is { } step => new Mask { Kind = MaskKind.Round, Step = step },
        ["date", "month"] => new Mask { Kind = MaskKind.DateMonth },
        ["date", "year"] => new Mask { Kind = MaskKind.DateYear },
        _ => null,
    };

    /// <summary>
    /// Whether the mask can be put on such a column. No hash of a Boolean, which has two values, nor of a Number, whose
    /// binary form is not one thing everywhere; a step for whole numbers is whole.
    /// </summary>
    public bool Fits(ColumnType type) => Kind switch
    {
        MaskKind.Null => true,
        MaskKind.Hash => type is not (ColumnType.Boolean or ColumnType.Number),
        MaskKind.First or MaskKind.Last => type == ColumnType.Text,
        MaskKind.Round => type is ColumnType.Decimal or ColumnType.Number
                          || (type == ColumnType.Integer && decimal.IsInteger(Step)),
        _ => type is ColumnType.Date or ColumnType.Timestamp,
    };

    /// <summary>The type that a masked column has.</summary>
    public ColumnType Masked(ColumnType type) => Kind == MaskKind.Hash ? ColumnType.Text : type;

    /// <summary>
    /// The one mask that stands for several on a column: the strictest if each two of them can be ordered, otherwise
    /// <see cref="Null"/>. Neither order nor repetition matters, and one more mask never shows more.
    /// </summary>
    public static Mask? Combine(IReadOnlyCollection<Mask> masks)
    {
        if (masks.Count == 0) return null;
        var ordered = masks.All(a => masks.All(b => a.Covers(b) || b.Covers(a)));
        return ordered ? masks.First(a => masks.All(a.Covers)) : Null;
    }

    /// <summary>The form that <see cref="Parse"/> reads; one text for one mask.</summary>
    public override string ToString() => Kind switch
    {
        MaskKind.Null => "null",
        MaskKind.Hash => Scenario is null ? "hash" : "hash:" + Scenario,
        MaskKind.First => $"first:{Chars}",
        MaskKind.Last => $"last:{Chars}",
        MaskKind.Round => "round:" + Step.ToString("0.#############################", CultureInfo.InvariantCulture),
        MaskKind.DateMonth => "date:month",
        _ => "date:year",
    };

    /// <summary>Whether this mask shows no more than the other.</summary>
    public bool Covers(Mask other) => (Kind, other.Kind) switch
    {
        (MaskKind.Null, _) => true,
        (MaskKind.First, MaskKind.First) or (MaskKind.Last, MaskKind.Last) => Chars <= other.Chars,
        (MaskKind.Round, MaskKind.Round) => Step % other.Step == 0,
        (MaskKind.DateYear, MaskKind.DateMonth) => true,
        _ => this == other,
    };

    private static bool IsNameChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 1000
            ? n
            : null;

    private static decimal? Positive(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var step)
        && step is > 0 and <= 1_000_000_000_000 && step.Scale <= 9
            ? step
            : null;
}
