using System.Globalization;
using Microsoft.AspNetCore.Components;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>A page or a part of one: it knows its language and writes figures alike everywhere.</summary>
public abstract class PortalPart : ComponentBase
{
    [CascadingParameter]
    public required View View { get; set; }

    /// <summary>A text in the language of the page, with values in its places.</summary>
    protected string T(Text text, params object[] values) => values.Length == 0
        ? text.In(View.Language)
        : string.Format(CultureInfo.InvariantCulture, text.In(View.Language), values);

    /// <summary>A value of a column, so that white space is seen, too.</summary>
    protected string Cell(string text, ColumnType type) => text.Length > 0 && string.IsNullOrWhiteSpace(text)
        ? T(Texts.Blank)
        : Figures.Value(text, type);
}
