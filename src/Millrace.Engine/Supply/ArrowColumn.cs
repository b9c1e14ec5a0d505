using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply;

/// <summary>Appends the cell of a row to a row of the engine; answers the bytes of its text.</summary>
internal delegate int AppendCell(IDuckDBAppenderRow to, int row);

/// <summary>How a column of an Arrow file comes into a table of the engine, and out of it as what it is.</summary>
/// <param name="Stored">The engine's type of the cells as they are appended.</param>
/// <param name="Format">The expression that makes the column of them; <c>{0}</c> stands for a cell.</param>
/// <param name="Cells">Those of a batch.</param>
internal sealed record ArrowColumn(Column Column, string Stored, string Format, Func<IArrowArray, AppendCell> Cells)
{
    private const int DecimalDigitsMax = 38;

    /// <summary>What the engine has dates and moments for; what lies beyond means infinity to it.</summary>
    private const long DaysMax = 2_000_000_000, MicrosecondsMax = 9_000_000_000_000_000_000;

    /// <exception cref="SourceException">A table cannot have columns of that type.</exception>
    public static ArrowColumn Of(string name, IArrowType type, string file)
    {
        var dictionary = type as DictionaryType;
        if (Form(dictionary?.ValueType ?? type) is not (var to, var stored, var format, { } cells))
            throw new SourceException(
                "unsupported-type",
                $"Column {name} of {file} holds {type.Name}: lists, structures, durations and the like are nothing "
                + "that a table can have; flatten it.");
        return new ArrowColumn(
            new Column(name, to), stored, format, dictionary is null ? cells : ArrowAppending.Indexed(cells));
    }

    public string Expression(string cell) => string.Format(CultureInfo.InvariantCulture, Format, cell);

    private static (ColumnType, string, string, Func<IArrowArray, AppendCell>?) Form(IArrowType type) => type switch
    {
        NullType => (ColumnType.Text, "VARCHAR", "{0}", ArrowAppending.Nothing),
        BooleanType => (ColumnType.Boolean, "BOOLEAN", "{0}", ArrowAppending.Truths),
        UInt64Type => (ColumnType.Decimal, "UBIGINT", "CAST({0} AS DECIMAL(20, 0))",
            ArrowAppending.Values<ulong>(static (to, v) => to.AppendValue(v))),
        IntegerType => (ColumnType.Integer, "BIGINT", "{0}", ArrowAppending.Integers(static v => v)),
        HalfFloatType => (ColumnType.Number, "FLOAT", "{0}",
            ArrowAppending.Values<Half>(static (to, v) => to.AppendValue((float)v))),
        FloatType => (ColumnType.Number, "FLOAT", "{0}",
            ArrowAppending.Values<float>(static (to, v) => to.AppendValue(v))),
        DoubleType => (ColumnType.Number, "DOUBLE", "{0}",
            ArrowAppending.Values<double>(static (to, v) => to.AppendValue(v))),
        Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type => Decimal(type),
        Date32Type => Days(static v => v),
        Date64Type => Days(static v => Floor(v, TimeSpan.MillisecondsPerDay)),
        TimestampType moment => (ColumnType.Timestamp, "BIGINT", "make_timestamp({0})",
            ArrowAppending.Integers(v => Within(Microseconds(v, moment.Unit), -MicrosecondsMax, MicrosecondsMax))),
        Time32Type time => Times(time.Unit),
        Time64Type time => Times(time.Unit),
        StringType or LargeStringType or StringViewType => (ColumnType.Text, "VARCHAR", "{0}", ArrowAppending.Texts),
        BinaryType or LargeBinaryType or BinaryViewType or FixedSizeBinaryType =>
            (ColumnType.Binary, "BLOB", "{0}", ArrowAppending.Bytes),
        _ => default,
    };

    /// <summary>By way of text: the only form that both sides have for all digits.</summary>
    private static (ColumnType, string, string, Func<IArrowArray, AppendCell>?) Decimal(IArrowType type)
    {
        var (digits, scale) = type switch
        {
            Decimal32Type d => (d.Precision, d.Scale),
            Decimal64Type d => (d.Precision, d.Scale),
            Decimal128Type d => (d.Precision, d.Scale),
            _ => ((Decimal256Type)type) is var d ? (d.Precision, d.Scale) : default,
        };
        return digits is >= 1 and <= DecimalDigitsMax && scale >= 0 && scale <= digits
            ? (ColumnType.Decimal, "VARCHAR", $"CAST({{0}} AS DECIMAL({digits}, {scale}))", ArrowAppending.Decimals)
            : default;
    }

    private static (ColumnType, string, string, Func<IArrowArray, AppendCell>?) Days(Func<long, long> days) =>
        (ColumnType.Date, "BIGINT", "DATE '1970-01-01' + CAST({0} AS INTEGER)",
            ArrowAppending.Integers(v => Within(days(v), -DaysMax, DaysMax)));

    private static (ColumnType, string, string, Func<IArrowArray, AppendCell>?) Times(TimeUnit unit) =>
        (ColumnType.Time, "BIGINT", "TIME '00:00:00' + to_microseconds({0})",
            ArrowAppending.Integers(v => Within(Microseconds(v, unit), 0, TimeSpan.MicrosecondsPerDay - 1)));

    private static long Microseconds(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => checked(value * 1_000_000),
        TimeUnit.Millisecond => checked(value * 1_000),
        TimeUnit.Microsecond => value,
        _ => Floor(value, 1_000),
    };

    private static long Floor(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    private static long Within(long value, long least, long most) =>
        value >= least && value <= most ? value : throw new InvalidDataException("A day or a time that there is not.");
}
