using Millrace.Node.Storage;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Identity;

/// <summary>
/// What is known of a peer, for rules that ask for it: as an operator of the space recorded it where this node hosts
/// one, else as the holder did (docs/decisions/0008-claims-from-the-register.md).
/// </summary>
internal static class MemberRegister
{
    /// <summary>
    /// The claims of a peer; <see cref="Claims.None"/> where no register names it, or where the terms ask for none.
    /// </summary>
    public static async Task<Claims> ClaimsAsync(
        Session session, string holder, string peer, Policy terms, CancellationToken cancel) =>
        Claims.AreAsked(terms) ? await ClaimsAsync(session, holder, peer, cancel) : Claims.None;

    /// <summary>The claims of a peer; <see cref="Claims.None"/> where no register names it.</summary>
    public static async Task<Claims> ClaimsAsync(
        Session session, string holder, string peer, CancellationToken cancel)
    {
        foreach (var register in (string[])[.. await OperatorsAsync(session, cancel), holder])
        {
            if (await Tables.Members.FindAsync(session, register, peer, cancel) is { } found)
                return found.Value.Claims;
        }
        return Claims.None;
    }

    /// <summary>The peers of whom something is recorded, for a holder: a page of each register.</summary>
    public static async Task<IReadOnlyList<string>> NamedAsync(
        Session session, string holder, int limit, CancellationToken cancel)
    {
        var named = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var register in (string[])[.. await OperatorsAsync(session, cancel), holder])
            named.UnionWith((await Tables.Members.ListAsync(session, register, "", limit, cancel)).Select(r => r.Id));
        return [.. named];
    }

    /// <summary>The operators that this node hosts, in the order of their ids; as a rule one, or none.</summary>
    private static Task<List<string>> OperatorsAsync(Session session, CancellationToken cancel) =>
        session.QueryAsync(
            "SELECT id FROM participant WHERE operator IS NOT NULL ORDER BY id", [], row => row.GetString(0), cancel);
}
