using Millrace.Node.Commands;
using Millrace.Node.Portal;

namespace Millrace.Node.Hosting;

/// <summary>Draws reports of the command line with the parts of the portal, of which commands know nothing.</summary>
public static class ReportDrawings
{
    /// <inheritdoc cref="ReportDrawing"/>
    public static Task<string> DrawAsync(ProfileReport report, string language) => ProfileDocument.RenderAsync(
        new ProfileModel(report.Files, report.Profile, report.Withheld, report.Classification),
        language == "zh" ? Language.Chinese : Language.English);
}
