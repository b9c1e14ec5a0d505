using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace refresh</c>: a new version out of a product's source.</summary>
internal static class RefreshCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string>("PRODUCT") { Description = "The id of a product that has a source." };
        var command = new ExampleCommand(
            "refresh",
            "Reads a product's source again; a new version is made if it holds something else.",
            "millrace refresh orders --as factory")
        {
            id,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var path = $"products/{Uri.EscapeDataString(run.Value(id))}";
            var before = await me.GetAsync(path, ApiJson.Wire.Product, cancel);
            var after = await me.PostAsync($"{path}/refresh", null, ApiJson.Wire.Product, cancel);
            return run.Show(after, product => run.Screen.Line(
                product.Latest.Number == before.Value.Latest.Number
                    ? $"{product.Title} is unchanged: version {product.Latest.Number} has what its source holds."
                    : $"{product.Title} has a new version, {product.Latest.Number}, of "
                      + $"{Wording.Count(product.Latest.Rows)} rows."));
        });
    }
}
