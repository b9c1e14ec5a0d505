using System.Collections.Frozen;

namespace Millrace.Engine.Queries;

/// <summary>What the parser calls by names of its own, as people write it.</summary>
internal static class ParserWords
{
    private static readonly FrozenDictionary<string, string> _words = new Dictionary<string, string>
    {
        ["SHOW_REF"] = "DESCRIBE, SHOW and SUMMARIZE",
        ["EXPRESSION_LIST"] = "VALUES",
        ["PIVOT"] = "PIVOT and UNPIVOT",
        ["LIMIT_PERCENT_MODIFIER"] = "LIMIT with %",
        ["RECURSIVE_CTE_NODE"] = "WITH RECURSIVE",
        ["GROUPING_FUNCTION"] = "GROUPING",
        ["OPERATOR_UNPACK"] = "* before COLUMNS",
        ["OPERATOR_TRY"] = "TRY",
        ["COLLATE"] = "COLLATE",
        ["LAMBDA"] = "functions written with ->",
        ["ARRAY_EXTRACT"] = "parts of lists and structures",
        ["ARRAY_SLICE"] = "parts of lists and structures",
        ["STRUCT_EXTRACT"] = "parts of lists and structures",
        ["POSITIONAL_REFERENCE"] = "# and a number for a column",
        ["replace_list"] = "REPLACE after *",
        ["rename_list"] = "RENAME after *",
        ["qualified_exclude_list"] = "EXCLUDE with the name of a table",
        ["columns"] = "COLUMNS",
        ["expr"] = "COLUMNS",
        ["sample"] = "samples",
        ["at_clause"] = "AT",
        ["schema_name"] = "the name of a schema before that of a table",
        ["catalog_name"] = "the name of a database before that of a table",
    }.ToFrozenDictionary();

    /// <summary>Null where the parser has a name that we do not know.</summary>
    public static string? Of(string name) => _words.GetValueOrDefault(name);
}
