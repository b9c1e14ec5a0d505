using Millrace.Node.Storage;

namespace Millrace.Node.Sharing;

/// <summary>A product as a table of a share.</summary>
public sealed record SharedTable(Share Share, ShareSchema Schema, TableHistory History)
{
    public string Id => Share.Id(Schema.Name, Share.Agreement.Product);

    /// <summary>What page tokens for answers about it are bound to.</summary>
    public string Scope => $"{Share.Access.Transfer.Id} {Schema.Name}";
}

/// <summary>
/// The versions that an agreement shows: from the one that stood when it was made. What the holder had published
/// before, and maybe taken back since, was never agreed on.
/// </summary>
public sealed record TableHistory(IReadOnlyList<VersionTime> Versions)
{
    public VersionTime First => Versions[0];

    public VersionTime Latest => Versions[^1];

    public static TableHistory Of(IReadOnlyList<VersionTime> all, DateTimeOffset agreedAt)
    {
        var before = all.Count(v => v.CreatedAt <= agreedAt);
        return new TableHistory([.. all.OrderBy(v => v.Number).Skip(Math.Max(0, before - 1))]);
    }

    public Outcome<VersionTime> Find(long number)
    {
        if (Versions.FirstOrDefault(v => v.Number == number) is { } found)
            return found;
        return SharingError.Bad(
            $"There is no version {number} in this share: it holds versions {First.Number} to {Latest.Number}.");
    }

    /// <summary>The version that stood at a time.</summary>
    public Outcome<VersionTime> At(DateTimeOffset time)
    {
        if (Versions.LastOrDefault(v => v.CreatedAt <= time) is { } found)
            return found;
        return SharingError.Bad("The time is before the first version of this share.");
    }

    /// <summary>The first version that was published at a time or after it.</summary>
    public Outcome<VersionTime> From(DateTimeOffset time)
    {
        if (Versions.FirstOrDefault(v => v.CreatedAt >= time) is { } found)
            return found;
        return SharingError.Bad("The time is after the newest version of this share.");
    }

    /// <summary>The version before, if the share shows one.</summary>
    public VersionTime? Before(VersionTime version) =>
        Versions.LastOrDefault(v => v.Number < version.Number);
}
