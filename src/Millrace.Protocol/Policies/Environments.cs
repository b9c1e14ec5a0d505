namespace Millrace.Protocol.Policies;

/// <summary>The values of <c>mr:environment</c>: where a use happens.</summary>
public static class Environments
{
    public const string Download = "download";
    public const string Query = "query";
    public const string Room = "room";
    public const string Sandbox = "sandbox";
    public const string Corpus = "corpus";

    public static IReadOnlyList<string> All { get; } = [Download, Query, Room, Sandbox, Corpus];

    /// <summary>Those that this version serves, and so can be promised.</summary>
    public static IReadOnlyList<string> Served { get; } = [Download, Query];
}
