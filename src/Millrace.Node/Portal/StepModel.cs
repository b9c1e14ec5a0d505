using Millrace.Node.Api;

namespace Millrace.Node.Portal;

/// <summary>A step before it is taken: what follows from it, on which terms, what is still to be said.</summary>
/// <param name="Address">Where the form goes.</param>
/// <param name="Back">The page to which one returns without the step.</param>
/// <param name="Facts">What it is about.</param>
public sealed record StepModel(StepText Step, string Address, string Back, IReadOnlyList<Fact> Facts)
{
    public IReadOnlyList<Term> Terms { get; init; } = [];

    /// <summary>What other terms change; null where the step keeps those on the table.</summary>
    public NegotiationRound? Changes { get; init; }

    /// <summary>The terms that a person has to accept, each by itself.</summary>
    public IReadOnlyList<Term> Unkept { get; init; } = [];

    /// <summary>The other terms as JSON, on one line; null where the step keeps those on the table.</summary>
    public string? Policy { get; init; }

    /// <summary>How many rounds the person has seen; null where there are none yet.</summary>
    public int? Rounds { get; init; }

    /// <summary>The participants to choose from; null where it is settled who the other side is.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>The one that was chosen.</summary>
    public string To { get; init; } = "";

    public bool TakesReason { get; init; }

    public bool TakesManual { get; init; }

    /// <summary>The address under which other terms can be asked for instead.</summary>
    public string? Other { get; init; }

    /// <summary>Why it was not done when it was tried.</summary>
    public string? Problem { get; init; }
}

/// <summary>Other terms while they are written.</summary>
/// <param name="OnTable">The terms as they are.</param>
/// <param name="Policy">The terms that the fields change, as JSON.</param>
/// <param name="Text">The text of the policy, as it was written where it was tried.</param>
public sealed record TermsModel(
    StepModel Target, IReadOnlyList<Term> OnTable, string Policy, TermFields Fields, string Text)
{
    /// <inheritdoc cref="TermFields.HasLimits"/>
    public bool HasLimits { get; init; }

    /// <inheritdoc cref="TermFields.HasPrice"/>
    public bool HasPrice { get; init; }

    /// <summary>What is wrong in what was written.</summary>
    public string? Problem { get; init; }
}

/// <summary>A name and what it has here.</summary>
public sealed record Fact(Text Name, string Value);
