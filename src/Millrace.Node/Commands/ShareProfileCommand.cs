using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary>
/// <c>millrace agreements profile</c>: the file with which pandas, Spark and other tools read by Delta Sharing.
/// </summary>
internal static class ShareProfileCommand
{
    public static Command Create(Shell shell)
    {
        var agreement = new Argument<string>("AGREEMENT") { Description = "The id of an agreement." };
        var purpose = Text("--purpose", "PURPOSE", "What the data are for; signed and sent to the provider.");
        var project = Text("--project", "NAME", "The undertaking that this purpose belongs to.");
        var at = Text("--at", "DID", "Ask this provider, for an agreement that your node does not hold.");
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write; only you can read it, for it holds a secret.",
            HelpName = "FILE",
            Required = true,
        };
        var oauth = new Option<bool>("--oauth")
        {
            Description = "Client credentials (profile version 2): the secret travels once an hour only.",
        };
        var command = new ExampleCommand(
            "profile",
            "Writes the profile file with which pandas or Spark read the data of an agreement by Delta Sharing.",
            "millrace agreements profile 01JZ8Q --as analyst --purpose research --project storms -o rides.share")
        {
            agreement, purpose, project, at, output, oauth,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var draft = new TransferDraft(
                run.Value(agreement), run.Value(purpose), run.Value(project), run.Value(at));
            var transfer = await RunningAsync(me, draft, cancel)
                ?? await TransferStart.RunAsync(run, me, draft, cancel);
            var form = run.Value(oauth) ? "oauth" : "bearer";
            var profile = await me.PostAsync(
                $"transfers/{Uri.EscapeDataString(transfer.Id)}/profile?form={form}", null, ApiJson.Wire.ShareProfile,
                cancel);
            var path = Path.GetFullPath(run.Value(output)!);
            Write(path, profile.Json);
            var table = $"{path}#{ShareName.Of(draft.Agreement)}.data.{await TableAsync(me, draft, cancel)}";
            run.Screen.Line($"Wrote {path}");
            run.Screen.Facts(
                ("share", ShareName.Of(draft.Agreement)), ("transfer", transfer.Id),
                ("pandas", $"delta_sharing.load_as_pandas(\"{table}\")"),
                ("flight", transfer.Flight?.AbsoluteUri.TrimEnd('/')));
            run.Screen.Note("Whoever has this file can read the data. End that with: millrace transfers complete");
            return ExitCode.Done;
        });
    }

    /// <summary>The name of the table; a word in its place where our node does not hold the agreement.</summary>
    private static async Task<string> TableAsync(ParticipantClient me, TransferDraft draft, CancellationToken cancel)
    {
        if (draft.Provider is not null)
            return "TABLE";
        var path = $"agreements/{Uri.EscapeDataString(draft.Agreement)}";
        return ShareName.OfTable((await me.GetAsync(path, ApiJson.Wire.Agreement, cancel)).Value.Product);
    }

    /// <summary>The transfer that runs for the same purpose, so that there are no more tokens than needed.</summary>
    private static async Task<Transfer?> RunningAsync(
        ParticipantClient me, TransferDraft draft, CancellationToken cancel)
    {
        var all = await me.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer, cancel);
        var purpose = draft.Purpose is { } named ? Purposes.Resolve(named)?.Iri ?? named : null;
        return all.Value.LastOrDefault(t =>
            t is { Role: "consumer", State: "STARTED" } && t.Agreement == draft.Agreement && t.Purpose == purpose &&
            t.Project == draft.Project);
    }

    private static void Write(string path, string profile)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (File.Exists(path))
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        using var file = new StreamWriter(path, options);
        file.Write(profile);
    }

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
