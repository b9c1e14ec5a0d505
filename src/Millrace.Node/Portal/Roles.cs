namespace Millrace.Node.Portal;

/// <summary>The two sides of an agreement.</summary>
internal static class Roles
{
    /// <param name="role">As in the management API.</param>
    public static Text Name(string role) => role == "provider" ? Texts.Provider : Texts.Consumer;
}
