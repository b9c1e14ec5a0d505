namespace Millrace.Node.Commands;

/// <summary>What a command ends with; scripts rely on these.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused by a policy, a peer or the node, or failed on the way.</summary>
    public const int Refused = 1;

    /// <summary>What was typed or handed in is wrong: nothing was begun.</summary>
    public const int BadInput = 2;

    /// <summary>No node could be reached or started.</summary>
    public const int NoNode = 3;
}
