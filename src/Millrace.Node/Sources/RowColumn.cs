using System.Data.Common;
using Apache.Arrow;
using Apache.Arrow.Types;
using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>A column of a database's answer on its way into batches of Arrow.</summary>
internal abstract class RowColumn(string name, IArrowType type)
{
    public Field Field { get; } = new(name, type, nullable: true);

    /// <summary>Takes the cell of the row that the reader is at.</summary>
    /// <returns>About its bytes.</returns>
    public abstract long Append(DbDataReader row, int column);

    /// <summary>The cell as it is, where it is not null.</summary>
    public abstract object Cell(DbDataReader row, int column);

    /// <summary>What was taken since the last time.</summary>
    public abstract IArrowArray Take();

    public static RowColumn Truths(string name) => new RowColumn<BooleanArray, BooleanArray.Builder>(
        name, BooleanType.Default, () => new(), (to, row, i) => Sized(to.Append(row.GetBoolean(i)), 1),
        (row, i) => row.GetBoolean(i));

    public static RowColumn Numbers(string name) => new RowColumn<DoubleArray, DoubleArray.Builder>(
        name, DoubleType.Default, () => new(), (to, row, i) => Sized(to.Append(row.GetDouble(i)), 8),
        (row, i) => row.GetDouble(i));

    public static RowColumn Floats(string name) => new RowColumn<FloatArray, FloatArray.Builder>(
        name, FloatType.Default, () => new(), (to, row, i) => Sized(to.Append(row.GetFloat(i)), 4),
        (row, i) => row.GetFloat(i));

    /// <summary>Whole numbers, and what is stored as them.</summary>
    public static RowColumn Integers(string name, IArrowType type, Func<DbDataReader, int, long> cell) =>
        new RowColumn<Int64Array, Int64Array.Builder>(
            name, type, () => new(), (to, row, i) => Sized(to.Append(cell(row, i)), 8), (row, i) => cell(row, i));

    public static RowColumn Days(string name, Func<DbDataReader, int, int> cell) =>
        new RowColumn<Int32Array, Int32Array.Builder>(
            name, Date32Type.Default, () => new(), (to, row, i) => Sized(to.Append(cell(row, i)), 4),
            (row, i) => cell(row, i));

    public static RowColumn Decimals(string name, Decimal128Type type) =>
        new RowColumn<Decimal128Array, Decimal128Array.Builder>(
            name, type, () => new(type), (to, row, i) => Sized(to.Append(row.GetDecimal(i)), 16),
            (row, i) => row.GetDecimal(i));

    public static RowColumn Texts(string name) => Texts(name, (row, i) => row.GetString(i));

    /// <summary>Texts, and what is written as them.</summary>
    public static RowColumn Texts(string name, Func<DbDataReader, int, string> cell) =>
        new RowColumn<StringArray, StringArray.Builder>(
            name, StringType.Default, () => new(),
            (to, row, i) =>
            {
                var text = cell(row, i);
                to.Append(text);
                return sizeof(char) * (long)text.Length;
            },
            cell);

    /// <summary>What a driver throws of a value that the type of its column has no place for.</summary>
    protected static bool HasNoPlace(Exception e) => e is InvalidCastException or OverflowException or FormatException;

    protected SourceException NoPlace() => new(
        "unsupported-type",
        $"Column {Field.Name} of the source holds a value that is none of its type for a table, such as NaN among "
        + "decimals: leave such rows out with a query, or make text of it.");

    private static long Sized(object _, int bytes) => bytes;
}

/// <inheritdoc/>
/// <param name="append">Appends a cell that is there, and answers about its bytes.</param>
internal sealed class RowColumn<TArray, TBuilder>(
    string name, IArrowType type, Func<TBuilder> begin, Func<TBuilder, DbDataReader, int, long> append,
    Func<DbDataReader, int, object> cell)
    : RowColumn(name, type)
    where TArray : IArrowArray
    where TBuilder : IArrowArrayBuilder<TArray, TBuilder>
{
    private TBuilder _builder = begin();

    public override long Append(DbDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            _builder.AppendNull();
            return 1;
        }
        try
        {
            return append(_builder, row, column);
        }
        catch (Exception e) when (HasNoPlace(e))
        {
            throw NoPlace();
        }
    }

    public override object Cell(DbDataReader row, int column)
    {
        try
        {
            return cell(row, column);
        }
        catch (Exception e) when (HasNoPlace(e))
        {
            throw NoPlace();
        }
    }

    public override IArrowArray Take()
    {
        var data = _builder.Build(null).Data;
        _builder = begin();
        // Days and times are whole numbers of another type.
        return ArrowArrayFactory.BuildArray(
            new ArrayData(Field.DataType, data.Length, data.NullCount, data.Offset, data.Buffers));
    }
}
