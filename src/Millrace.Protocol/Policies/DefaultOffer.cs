namespace Millrace.Protocol.Policies;

/// <summary>The offer of a product for which the holder named none.</summary>
public static class DefaultOffer
{
    /// <summary>
    /// Use for own purposes. Since plain ODRL's <c>use</c> would include them, making derived products, passing on and
    /// the training of models are prohibited in words.
    /// </summary>
    /// <param name="id">The id of the offer.</param>
    /// <param name="assigner">The DID of the holder.</param>
    public static Policy Create(string id, string assigner) => new()
    {
        Kind = PolicyKind.Offer,
        Id = id,
        Assigner = assigner,
        Profiles = [Terms.Profile],
        Permissions = [new Rule { Action = Terms.Use }],
        Prohibitions =
        [
            new Rule { Action = Terms.Distribute },
            new Rule { Action = Terms.Derive },
            new Rule { Action = Terms.Train },
        ],
    };
}
