using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Delivery;

/// <summary>Something that terms say of what is seen, as the test means it.</summary>
internal abstract record Said
{
    public abstract Constraint Write();
}

/// <summary>Only these columns, or all but these.</summary>
internal sealed record SaidColumns(bool Only, IReadOnlyList<string> Names) : Said
{
    public override Constraint Write() => new AtomicConstraint(
        Terms.Column, Only ? Operator.IsAnyOf : Operator.IsNoneOf, RightOperand.List(Names));
}

internal sealed record SaidMask(string Column, string Mask) : Said
{
    public override Constraint Write() =>
        new AtomicConstraint(Terms.Mask(Column), Operator.Eq, RightOperand.Of(Mask));
}

/// <param name="Value">What the cell is compared with: long, decimal, DateOnly, bool or string.</param>
internal sealed record SaidRow(string Column, Operator Operator, object Value) : Said
{
    public override Constraint Write() =>
        new AtomicConstraint(Terms.Row(Column), Operator, RightOperand.Of(ViewOracle.Text(Value)!));
}

/// <summary>One of these at least, or all of them.</summary>
internal sealed record SaidTogether(bool Any, IReadOnlyList<Said> Parts) : Said
{
    public override Constraint Write() =>
        new LogicalConstraint(Any ? Connective.Or : Connective.And, [.. Parts.Select(part => part.Write())]);
}

/// <summary>
/// What terms and a holder's default plan let be seen of a table, told row by row and cell by cell. It knows neither
/// access plans nor SQL, and of several masks on a column it knows only that each of them must hold.
/// </summary>
internal static class PolicyOracle
{
    public static bool ShowsRow(IEnumerable<Said> terms, Func<string, object?> cell) => terms.All(said => said switch
    {
        SaidRow row => Compares(row, cell(row.Column)),
        SaidTogether { Any: true } any => any.Parts.Any(part => ShowsRow([part], cell)),
        SaidTogether all => ShowsRow(all.Parts, cell),
        _ => true,
    });

    public static bool ShowsColumn(IEnumerable<Said> terms, DefaultPlan holder, string column) =>
        !holder.HiddenColumns.Contains(column)
        && Flat(terms).OfType<SaidColumns>().All(said => said.Names.Contains(column) == said.Only);

    /// <summary>Every mask that lies on a column, each once.</summary>
    public static IReadOnlyList<string> Masks(IEnumerable<Said> terms, DefaultPlan holder, string column) =>
    [
        .. Flat(terms).OfType<SaidMask>().Where(said => said.Column == column).Select(said => said.Mask)
            .Concat(holder.Masks.Where(mask => mask.Key == column).Select(mask => mask.Value.ToString())).Distinct(),
    ];

    /// <summary>
    /// What a mask alone would show. A pseudonym tells cells apart and nothing more, so the cell stands for it.
    /// </summary>
    public static object? Shown(string mask, object? cell)
    {
        var number = mask.Split(':') is [_, var last]
            && decimal.TryParse(last, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return (mask.Split(':')[0], cell) switch
        {
            (_, null) or ("null", _) => null,
            ("hash", _) => cell,
            ("first", string s) => s[..Math.Min(s.Length, (int)number)],
            ("last", string s) => s[Math.Max(0, s.Length - (int)number)..],
            ("round", long i) => (long)(Math.Round(i / number, MidpointRounding.AwayFromZero) * number),
            ("round", decimal d) => Math.Round(d / number, MidpointRounding.AwayFromZero) * number,
            ("date", DateOnly d) => new DateOnly(d.Year, mask == "date:month" ? d.Month : 1, 1),
            _ => throw new ArgumentException(mask),
        };
    }

    private static IEnumerable<Said> Flat(IEnumerable<Said> terms) =>
        terms.SelectMany(said => said is SaidTogether { Any: false } all ? Flat(all.Parts) : [said]);

    private static bool Compares(SaidRow said, object? cell)
    {
        if (cell is null) return false;
        var order = cell is string text
            ? string.CompareOrdinal(text, (string)said.Value)
            : ((IComparable)cell).CompareTo(said.Value);
        return said.Operator switch
        {
            Operator.Eq => order == 0,
            Operator.Neq => order != 0,
            Operator.Lt => order < 0,
            Operator.Lteq => order <= 0,
            Operator.Gt => order > 0,
            _ => order >= 0,
        };
    }
}
