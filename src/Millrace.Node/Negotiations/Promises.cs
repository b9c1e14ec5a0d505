using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>What a provider may promise: what it can enforce or have attested, and the consumer could use.</summary>
public sealed class Promises(Clock clock)
{
    /// <summary>What keeps us from promising a consumer these terms for a product of ours; null: nothing.</summary>
    public async Task<Refusal?> ObjectionAsync(
        Unit unit, string provider, string consumer, string dataset, Policy terms, CancellationToken cancel)
    {
        if (await Tables.Products.FindAsync(unit, provider, dataset, cancel) is not { } product)
            return new Refusal("unknown-product", $"There is no product {dataset}.");
        return PolicyCheck.Check(terms, product.Value.Schema, product.Value.Hidden) is [var refusal, ..]
            ? refusal
            : await NeverAsync(unit, provider, consumer, terms, cancel);
    }

    /// <summary>Why a consumer could never use anything under these terms; null: it could.</summary>
    public async Task<Refusal?> NeverAsync(
        Unit unit, string provider, string consumer, Policy terms, CancellationToken cancel)
    {
        var use = new UseRequest
        {
            Stage = UseStage.Negotiation,
            Now = clock.Now,
            AgreedAt = clock.Now,
            Claims = await MemberRegister.ClaimsAsync(unit, provider, consumer, terms, cancel),
        };
        return PolicyEvaluator.Evaluate(terms, use).Refused(out var refusal, out _) ? refusal : null;
    }
}
