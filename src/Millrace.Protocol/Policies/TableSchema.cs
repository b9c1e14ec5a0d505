using System.Diagnostics.CodeAnalysis;

namespace Millrace.Protocol.Policies;

/// <summary>The types of a table, as a frozen schema and policies know them.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are the types of SQL, not of this language.")]
public enum ColumnType
{
    Boolean,
    Integer,
    Decimal,

    /// <summary>Binary floating point.</summary>
    Number,
    Date,
    Time,

    /// <summary>In UTC, to the microsecond.</summary>
    Timestamp,
    Text,
    Binary,
}

/// <summary>One column; its name is compared ordinally.</summary>
public sealed record Column(string Name, ColumnType Type);

/// <summary>
/// The columns of a table, in order, frozen when an agreement is made: one added later is never released.
/// </summary>
public sealed record TableSchema(IReadOnlyList<Column> Columns)
{
    public Column? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);
}
