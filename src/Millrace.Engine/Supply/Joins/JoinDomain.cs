namespace Millrace.Engine.Supply.Joins;

/// <summary>As what values are compared: only those of one domain can be the same.</summary>
internal enum JoinDomain
{
    /// <summary>Whole numbers, however they are stored.</summary>
    Whole,
    Text,
    Day,

    /// <summary>To the microsecond.</summary>
    Moment,
}
