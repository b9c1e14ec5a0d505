using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace peer add|list|remove</c>.</summary>
internal static class PeerCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "peer", "The other participants whose catalogues are asked.", "millrace peer list --as analyst")
    {
        Add(shell), List(shell), Remove(shell),
    };

    private static Command Add(Shell shell)
    {
        var address = new Argument<string>("ADDRESS") { Description = "Its DID, or the address of its catalogue." };
        var command = new ExampleCommand(
            "add",
            "Remembers where another participant is.",
            "millrace peer add did:web:data.example.org:cta --as analyst")
        {
            address,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var added = await me.PostAsync(
                "peers", new PeerDraft(run.Value(address)), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer, cancel);
            return run.Show(added, peer => run.Screen.Line($"{me.Participant.Id} now knows {peer.Title ?? peer.Did}."));
        });
    }

    private static Command Remove(Shell shell)
    {
        var did = new Argument<string>("DID") { Description = "Its DID, as the list shows it." };
        var command = new ExampleCommand(
            "remove",
            "Forgets a participant and its catalogue; contracts with it go on.",
            "millrace peer remove did:web:data.example.org:cta --as analyst")
        {
            did,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var removed = await me.PostAsync(
                "peers/remove", new PeerDraft(run.Value(did)), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer, cancel);
            return run.Show(removed, peer => run.Screen.Line($"{me.Participant.Id} does not ask {peer.Did} any more."));
        });
    }

    private static Command List(Shell shell) => shell.DoesAs(
        new ExampleCommand("list", "Lists the known participants.", "millrace peer list --as analyst"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var all = await me.GetAsync("peers", ApiJson.Wire.IReadOnlyListPeer, cancel);
            return run.Show(all, peers =>
            {
                if (peers.Count == 0)
                    run.Screen.Line("No peer known yet; add one with: millrace peer add ADDRESS");
                else
                    run.Screen.Table(
                        ["DID", "title", "address"],
                        peers.Select(p => (string[])[p.Did, p.Title ?? "", p.Base.AbsoluteUri]));
            });
        });
}
