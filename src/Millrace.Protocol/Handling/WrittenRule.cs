using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>What becomes of a request for an offer.</summary>
public enum RuleAct
{
    /// <summary>Agreed to at once.</summary>
    Accept,

    /// <summary>A person decides.</summary>
    Ask,

    /// <summary>Ended, with a reason that the other side reads.</summary>
    Refuse,
}

/// <summary>What a line does.</summary>
/// <param name="Reason">For <see cref="RuleAct.Refuse"/> only: a sentence that is sent to the other side.</param>
public sealed record RuleAnswer(RuleAct Act, string? Reason = null)
{
    public static readonly RuleAnswer Accept = new(RuleAct.Accept);
    public static readonly RuleAnswer Ask = new(RuleAct.Ask);
}

/// <summary>A line of a written rule.</summary>
/// <param name="When">Constraints in the language of policies that must all hold; never empty.</param>
public sealed record RuleLine(IReadOnlyList<Constraint> When, RuleAnswer Then);

/// <summary>
/// How a holder handles requests for an offer, first ones and counter-offers alike: the first line whose constraints
/// hold decides, else <see cref="Otherwise"/>. It is the holder's own and is never sent. Where it may be published says
/// <see cref="RuleCheck"/>.
/// </summary>
public sealed record WrittenRule(IReadOnlyList<RuleLine> Lines, RuleAnswer Otherwise)
{
    /// <summary>The path of <see cref="Otherwise"/>, where lines have <c>lines[0]</c> and so on.</summary>
    public const string OtherwisePath = "otherwise";

    /// <summary>The path of a line, from 0.</summary>
    public static string PathOf(int line) => $"lines[{line}]";
}
