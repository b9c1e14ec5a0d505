using Millrace.Engine.Supply.Fields;

namespace Millrace.Node.Api;

/// <summary>What the columns of a product's newest version hold: confirmed by a person, or proposed.</summary>
public sealed record ProductElements(string Product, int Version, IReadOnlyList<ColumnElements> Columns);

/// <summary>What a column holds.</summary>
/// <param name="Confirmed">What a person confirmed: a fact, which others are told.</param>
/// <param name="Proposed">
/// What is only proposed, by its name and profile; null where a person decided on it, or nothing is sure enough.
/// </param>
public sealed record ColumnElements(
    string Column, string Type, ElementInfo? Confirmed = null, ElementProposal? Proposed = null,
    ElementDecisionInfo? Decision = null);

/// <summary>A data element.</summary>
/// <param name="Element">Its name, <c>field/id</c>.</param>
/// <param name="En">Term and definition; null, as all else: no pack of this node has it.</param>
/// <param name="Unit">A UCUM code.</param>
/// <param name="Source">Each as <c>standard: place in it</c>.</param>
public sealed record ElementInfo(
    string Element, Meaning? En = null, Meaning? Zh = null, string? Unit = null, IReadOnlyList<string>? Source = null);

/// <summary>An element that a column may hold; nobody has confirmed it.</summary>
/// <param name="Confidence">From 0 to 1; no probability.</param>
/// <param name="Reasons">What speaks for it and against it; never a value.</param>
public sealed record ElementProposal(ElementInfo Element, double Confidence, IReadOnlyList<string> Reasons);

/// <summary>A person's decision on a column.</summary>
/// <param name="Rejected">What it does not hold; null: it holds what was confirmed.</param>
public sealed record ElementDecisionInfo(string Person, string Reason, DateTimeOffset At, string? Rejected = null);

/// <summary>The body of <c>POST products/{id}/elements</c>: a person decides on a column.</summary>
/// <param name="Person">Who decides.</param>
/// <param name="Reason">Why; it stands in the log.</param>
/// <param name="Element">What it holds, by name; null: not what is proposed, or was confirmed.</param>
public sealed record ElementDraft(string Column, string Person, string Reason, string? Element = null);

/// <summary>A column of a product that others offer, with what it holds.</summary>
public sealed record ColumnMeaning(string Column, ElementInfo Element);
