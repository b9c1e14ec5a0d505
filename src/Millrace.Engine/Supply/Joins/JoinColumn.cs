using Millrace.Engine.Supply.Fields;
using Millrace.Engine.Supply.States;

namespace Millrace.Engine.Supply.Joins;

/// <summary>A column as one to join on. Its values stay in it: nothing of them is told but what a join says.</summary>
public sealed class JoinColumn
{
    private JoinColumn(string name, FieldElement? element, IReadOnlyList<KeySet> keys) =>
        (Name, Element, Keys) = (name, element, keys);

    public string Name { get; }

    /// <summary>What a person said that it holds, where equal values of that mean the same.</summary>
    public FieldElement? Element { get; }

    /// <summary>One in each domain that its values are of.</summary>
    internal IReadOnlyList<KeySet> Keys { get; }

    /// <summary>The columns of a table that anybody could join on.</summary>
    /// <param name="table">Of the rows that are shown.</param>
    /// <param name="isShown">Whether a column may be looked at.</param>
    /// <param name="elementOf">The confirmed element of a column; null: none.</param>
    public static IReadOnlyList<JoinColumn> Of(
        TableState table, Func<string, bool> isShown, Func<string, FieldElement?> elementOf) =>
    [
        .. from state in table.Columns
           where isShown(state.Column.Name)
           let keys = KeySets.Of(state)
           where keys.Count > 0
           let element = elementOf(state.Column.Name)
           select new JoinColumn(state.Column.Name, element is { Identifies: true } ? element : null, keys),
    ];
}
