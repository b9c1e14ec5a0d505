using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// Finds out which participant is calling. DSP 2025-1 leaves this to the profile of a data space: a node for another
/// profile registers its own. Participant ids are opaque to everything behind it.
/// </summary>
public interface IPeerAuthentication
{
    /// <param name="ownDid">The participant who is called.</param>
    /// <returns>
    /// Who is calling, or a refusal that is answered with 401. A <see cref="Caller.Token"/> is used up afterwards.
    /// </returns>
    Task<Decision<Caller>> AuthenticateAsync(HttpRequest request, string ownDid, CancellationToken cancel);
}
