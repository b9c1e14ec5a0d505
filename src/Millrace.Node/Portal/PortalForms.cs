namespace Millrace.Node.Portal;

/// <summary>What people leave out of forms.</summary>
internal static class PortalForms
{
    /// <summary>The text of a field; null where nothing was written.</summary>
    public static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
