using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Negotiations;
using Millrace.Node.Portal.Pages;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Term = Millrace.Node.Api.Term;

namespace Millrace.Node.Portal;

/// <summary>What the forms of steps say of terms: other ones, and the acceptance of foreign ones.</summary>
internal static partial class TermForms
{
    /// <summary>The button that was pressed: <c>review</c>, <c>edit</c> or <c>send</c>.</summary>
    public static string Button(IFormCollection form) => form["button"].ToString();

    /// <summary>The policy that a form holds: its text, with what the fields change where they were used.</summary>
    public static Decision<Policy> Read(IFormCollection form)
    {
        if (ReadText(form).Refused(out var refusal, out var policy))
            return refusal;
        return form["by"] == "fields" ? Fields(form).ApplyTo(policy) : policy;
    }

    /// <summary>Who accepts which terms; null where there were none to accept.</summary>
    public static TermAcceptance? Acceptance(IFormCollection form) =>
        form["accept"].Count == 0 && string.IsNullOrWhiteSpace(form["person"])
            ? null
            : new TermAcceptance(form["person"].ToString().Trim(), [.. form["accept"].OfType<string>()]);

    /// <summary>The terms that this node cannot keep by itself, as sentences.</summary>
    public static IReadOnlyList<Term> Unkept(Policy policy)
    {
        var terms = Shown.Terms(policy);
        return [.. PolicyCheck.Unkept(policy).Select(r => r.Rule ?? "").Distinct().Select(At)];

        // What is not known may lie deep in a term: then it is said by itself.
        Term At(string path) =>
            Alone(policy, path) is { } alone ? Shown.Terms(alone)[^1] with { Path = path }
            : terms.Where(t => path.StartsWith(t.Path, StringComparison.Ordinal)).MaxBy(t => t.Path.Length)
                is { } term ? term with { Path = path }
            : new Term(path, path, path, "legal");
    }

    /// <summary>
    /// A policy with one condition of a permission alone, such as <c>permission[0].constraint[0].and[1]</c>; null where
    /// the path leads to something else.
    /// </summary>
    private static Policy? Alone(Policy policy, string path)
    {
        if (Within().Match(path) is not { Success: true } match)
            return null;
        var rule = policy.Permissions.ElementAtOrDefault(Number(match.Groups["rule"]));
        var condition = rule?.Constraints.ElementAtOrDefault(Number(match.Groups["constraint"]));
        foreach (var part in match.Groups["part"].Captures)
            condition = (condition as LogicalConstraint)?.Constraints.ElementAtOrDefault(Number((Capture)part));
        return condition is null
            ? null
            : policy with
            {
                Permissions = [new Rule { Action = Terms.Use, Constraints = [condition] }], Prohibitions = [],
                Obligations = [],
            };

        static int Number(Capture capture) => int.Parse(capture.ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^permission\[(?<rule>[0-9]{1,4})\]\.constraint\[(?<constraint>[0-9]{1,4})\]"
        + @"(\.[a-zA-Z]+\[(?<part>[0-9]{1,4})\])+\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Within();

    /// <summary>What one policy changes of another.</summary>
    /// <param name="by">Who lays the other one on the table.</param>
    public static NegotiationRound Changes(Policy before, Role by, Policy after) =>
        NegotiationRounds.Of([new Proposal(by, before), new Proposal(by, after)])[1];

    /// <summary>One line: it goes along in a hidden field.</summary>
    public static string Line(Policy policy) => Shown.Policy(policy).GetRawText();

    /// <summary>A page to write other terms on.</summary>
    /// <param name="onTable">The terms as they are.</param>
    /// <param name="edited">Those to go on from.</param>
    public static IResult Page(HttpContext http, StepModel step, Policy onTable, Policy edited) =>
        PortalPage.Of<TermsPage>(http, step.Step.Name, Model(step, onTable, edited));

    /// <summary>The same page as it was filled in, with what is wrong in it.</summary>
    public static IResult Page(
        HttpContext http, StepModel step, Policy onTable, IFormCollection form, Refusal refusal)
    {
        var model = Model(step, onTable, ReadText(form).Refused(out _, out var written) ? onTable : written) with
        {
            Problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http)),
        };
        return PortalPage.Of<TermsPage>(
            http, step.Step.Name,
            form["by"] == "fields"
                ? model with { Fields = Fields(form) }
                : model with { Text = form["policy"].ToString() },
            StatusCodes.Status400BadRequest);
    }

    private static Decision<Policy> ReadText(IFormCollection form)
    {
        try
        {
            return OfferDrafts.Read(JsonElement.Parse(form["policy"].ToString()));
        }
        catch (JsonException e)
        {
            return new Refusal(
                "bad-json",
                $"This is not JSON: look at line {e.LineNumber + 1}, near character {e.BytePositionInLine + 1}.");
        }
    }

    private static TermFields Fields(IFormCollection form) => new(
        form["lastDay"].ToString().Trim(), form["reads"].ToString().Trim(), form["amount"].ToString().Trim(),
        form["currency"].ToString().Trim().ToUpperInvariant(), form["per"].ToString());

    private static TermsModel Model(StepModel step, Policy onTable, Policy edited) => new(
        step, Shown.Terms(onTable), Line(edited), TermFields.Of(edited), JsonText.Indented(Shown.Policy(edited)))
    {
        HasLimits = TermFields.HasLimits(edited),
        HasPrice = TermFields.HasPrice(edited),
    };
}
