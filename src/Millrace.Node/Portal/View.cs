using Millrace.Node.Api;

namespace Millrace.Node.Portal;

/// <summary>What every part of a page knows.</summary>
/// <param name="Title">The name of the page, for the title of the window.</param>
/// <param name="Here">The address of the page without the choice of a language, ready for one more parameter.</param>
/// <param name="SignedIn">Whether the browser may see more than the sign-in page.</param>
/// <param name="Form">The antiforgery token of every form on the page.</param>
/// <param name="Participant">Whose page it is, where it is one participant's.</param>
/// <param name="Section">The entry of the participant's menu, such as <c>agreements</c>; empty: overview.</param>
public sealed record View(
    Language Language, string Title, string Here, bool SignedIn, FormToken Form, Participant? Participant,
    string Section)
{
    /// <summary>An address below the participant's.</summary>
    public string Link(params string[] segments) =>
        $"/portal/{Participant?.Id}{string.Concat(segments.Select(s => $"/{Uri.EscapeDataString(s)}"))}";
}

/// <summary>A hidden field that shows that a form came from our own page.</summary>
public sealed record FormToken(string Field, string Value);
