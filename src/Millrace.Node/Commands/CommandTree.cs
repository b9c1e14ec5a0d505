using System.CommandLine;
using System.CommandLine.Help;

namespace Millrace.Node.Commands;

/// <summary>All commands of <c>millrace</c>.</summary>
internal static class CommandTree
{
    private const int WidthWithoutTerminal = 110;

    /// <param name="more">Commands that another part of the program brings along.</param>
    public static RootCommand Build(Surroundings world, params IEnumerable<Func<Shell, Command>> more)
    {
        var shell = new Shell(world, new GlobalOptions());
        var root = new RootCommand(
            "A trusted data space in one program: publish data products, agree on their use, read them under control.")
        {
            shell.Options.Data,
            shell.Options.Json,
            ServeCommand.Create(shell),
            ParticipantCommands.Create(shell),
            PeerCommands.Create(shell),
            MemberCommands.Create(shell),
            PolicyCommands.Create(shell),
            PublishCommand.Create(shell),
            RefreshCommand.Create(shell),
            ProfileCommand.Create(shell),
            ClassifyCommand.Create(shell),
            DescribeCommand.Create(shell),
            ContractCommands.Create(shell),
            QualityCommands.Create(shell),
            FieldsCommands.Create(shell),
            JoinsCommand.Create(shell),
            CatalogueCommands.Create(shell),
            NegotiateCommand.Create(shell),
            NegotiationCommands.Create(shell),
            AgreementsCommand.Create(shell),
            TransferCommands.Create(shell),
            ReadCommand.Create(shell),
            CallCommand.Create(shell),
            DutyCommand.Create(shell),
            WithdrawCommand.Create(shell),
            EvidenceCommands.Create(shell),
            UsageCommand.Create(shell),
            ScenarioCommands.Create(shell),
        };
        foreach (var make in more)
            root.Add(make(shell));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!, world.Width ?? WidthWithoutTerminal);
        return root;
    }
}
