using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>Which participant a command acts as.</summary>
internal static class ParticipantChoice
{
    /// <exception cref="CommandFailedException">Unknown, or not clear without <c>--as</c>.</exception>
    public static Participant Choose(string? wanted, IReadOnlyList<Participant> all)
    {
        if (all.Count == 0)
            throw CommandFailedException.BadInput(
                "This node hosts no participant yet; add one with: millrace participant add NAME");
        var names = string.Join(", ", all.Select(p => p.Id));
        return wanted is null
            ? all.Count == 1 ? all[0] : throw CommandFailedException.BadInput(
                $"This node hosts several participants; say which one to act as with --as: {names}.")
            : all.FirstOrDefault(p => p.Id == wanted) ?? throw CommandFailedException.BadInput(
                $"This node hosts no participant \"{wanted}\"; it hosts: {names}.");
    }
}
