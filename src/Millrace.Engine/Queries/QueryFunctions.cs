using System.Collections.Frozen;

namespace Millrace.Engine.Queries;

/// <summary>
/// What a query may call. None of these reads a file, a setting or a clock, makes text longer than its arguments by
/// more than a few characters, or gives another answer to the same question tomorrow.
/// </summary>
internal static class QueryFunctions
{
    public static FrozenSet<string> Aggregates { get; } = Names(
        """
        count count_star sum avg mean min max median mode product bool_and bool_or any_value first last
        stddev stddev_samp stddev_pop variance var_samp var_pop skewness kurtosis entropy
        quantile_cont quantile_disc approx_count_distinct approx_quantile arg_min arg_max min_by max_by
        corr covar_pop covar_samp regr_slope regr_intercept regr_r2 regr_count
        """);

    /// <summary>Those that need OVER; aggregates may have it too.</summary>
    public static FrozenSet<string> Windows { get; } = Names(
        "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value");

    public static FrozenSet<string> Scalars { get; } = Names(
        """
        abs ceil ceiling floor round trunc sign sqrt cbrt ln log log2 log10 exp pow power mod greatest least
        sin cos tan asin acos atan atan2 degrees radians pi isnan isinf isfinite nullif ifnull
        length strlen lower upper lcase ucase trim ltrim rtrim substring substr left right replace reverse
        starts_with ends_with prefix suffix contains instr strpos position split_part ascii
        concat concat_ws regexp_matches regexp_full_match regexp_extract regexp_replace
        date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub
        year month day hour minute second quarter week weekday dayofweek isodow dayofyear yearweek
        dayname monthname last_day make_date make_timestamp epoch epoch_ms strftime
        to_years to_months to_weeks to_days to_hours to_minutes to_seconds
        """);

    /// <summary>Functions that are written between their operands.</summary>
    public static FrozenDictionary<string, string> Operators { get; } = new Dictionary<string, string>
    {
        ["+"] = "+", ["-"] = "-", ["*"] = "*", ["/"] = "/", ["//"] = "//", ["%"] = "%", ["**"] = "**", ["^"] = "^",
        ["||"] = "||", ["~~"] = "LIKE", ["!~~"] = "NOT LIKE", ["~~*"] = "ILIKE", ["!~~*"] = "NOT ILIKE",
    }.ToFrozenDictionary();

    private static FrozenSet<string> Names(string names) =>
        names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
