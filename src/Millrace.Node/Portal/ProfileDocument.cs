using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Portal.Pages;

namespace Millrace.Node.Portal;

/// <summary>What a document shows of a table.</summary>
/// <param name="Files">Their names.</param>
/// <param name="Withheld">The columns of which no value is told, for they are sensitive.</param>
public sealed record ProfileModel(
    IReadOnlyList<string> Files, TableProfile Profile, IReadOnlyList<string> Withheld,
    ClassificationReport Classification)
{
    public string Name => string.Join(", ", Files);
}

/// <summary>What a table holds as one HTML document: no script, nothing loaded, styles inside.</summary>
internal static class ProfileDocument
{
    public static async Task<string> RenderAsync(ProfileModel model, Language language)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var title = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, Texts.ReportTitle.In(language), model.Name);
        var view = new View(language, title, "", SignedIn: false, new FormToken("", ""), Participant: null, "");
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var document = await renderer.RenderComponentAsync<ProfilePage>(ParameterView.FromDictionary(
                new Dictionary<string, object?>
                {
                    [nameof(ProfilePage.View)] = view,
                    [nameof(ProfilePage.Model)] = model,
                }));
            return document.ToHtmlString();
        });
    }
}
