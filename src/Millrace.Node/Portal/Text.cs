namespace Millrace.Node.Portal;

/// <summary>A text of the portal in each of its languages. Places for values: <c>{0}</c>, <c>{1}</c> …</summary>
public sealed record Text(string En, string Zh)
{
    public string In(Language language) => language == Language.Chinese ? Zh : En;
}

/// <summary>The languages of the portal.</summary>
public enum Language
{
    English,
    Chinese,
}
