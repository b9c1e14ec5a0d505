namespace Millrace.Node.Api;

/// <summary>An error of the management API: ProblemDetails (RFC 9457) with a stable code.</summary>
/// <param name="Title">What is wrong, in a sentence; used where there is no <paramref name="Detail"/>.</param>
/// <param name="Detail">What is wrong in this case and what to do, in a sentence.</param>
/// <param name="Rule">The rule that refused, where a policy did.</param>
/// <param name="Reason">The provider's own sentence, where it refused a read.</param>
public sealed record Problem(
    string? Title = null,
    int? Status = null,
    string? Detail = null,
    string? Code = null,
    string? Rule = null,
    string? Reason = null);
