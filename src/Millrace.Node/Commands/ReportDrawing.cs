namespace Millrace.Node.Commands;

/// <summary>Draws what a table holds as one HTML document that needs nothing else.</summary>
/// <param name="language"><c>en</c> or <c>zh</c>.</param>
public delegate Task<string> ReportDrawing(ProfileReport report, string language);
