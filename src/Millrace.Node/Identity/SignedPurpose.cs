using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// What a consumer signed when it asked for data: for which purpose and project, under which agreement.
/// </summary>
/// <param name="Purpose">An IRI such as <c>https://millrace.dev/purpose/research</c>.</param>
public sealed record SignedPurpose(
    string Consumer, string Provider, string Agreement, string Purpose, string Project, DateTimeOffset IssuedAt,
    string Id)
{
    /// <summary>Keeps the statement apart from other JWTs signed with the same key.</summary>
    private const string Type = "millrace-purpose+jwt";

    /// <summary>The statement as a compact JWS, for a TransferRequestMessage to the provider.</summary>
    public static string Issue(
        ParticipantKey key, string did, string provider, string agreement, string purpose, string project,
        DateTimeOffset now, string jti)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        ArgumentException.ThrowIfNullOrWhiteSpace(project);
        var claims = new PurposeClaims(did, provider, agreement, purpose, project, now.ToUnixTimeSeconds(), jti);
        return Jws.Sign(claims, IdentityJson.Default.PurposeClaims, key, did, Type);
    }

    /// <summary>
    /// Checks a statement against the agreement. It depends on nothing but what is handed in, so an auditor comes to
    /// the same answer years later from what was kept.
    /// </summary>
    /// <param name="consumer">The assignee's DID document; its key must stand in <c>assertionMethod</c>.</param>
    /// <param name="provider">The assigner's DID.</param>
    /// <remarks>A repeat within the time is accepted: the message that carries it is guarded against replay.</remarks>
    public static async Task<Decision<SignedPurpose>> VerifyAsync(
        string text, DidDocument consumer, string provider, string agreement, DateTimeOffset now,
        IdentityOptions options)
    {
        if (Jws.Read(text, options).Refused(out var refusal, out var jws))
            return refusal;
        if (jws.Type != Type)
            return new Refusal("purpose-type", $"A signed purpose has the header typ {Type}.");
        if (jws.Text("iss") != consumer.Id)
            return new Refusal("purpose-issuer", "The purpose must be signed by the agreement's assignee.");
        if (!jws.IsFor(provider))
            return new Refusal("purpose-audience", $"The signed purpose is not for {provider}.");
        if (jws.Text("agreement") != agreement)
            return new Refusal("purpose-agreement", "The signed purpose belongs to another agreement.");
        if (await jws.CheckSignatureAsync(consumer, consumer.AssertionMethod) is { } forged)
            return forged;
        if (jws.Seconds("iat") is not { } issued || jws.Text("jti") is not { } id)
            return new Refusal("purpose-claims", "The signed purpose must have iat and jti.");
        var seconds = now.ToUnixTimeSeconds();
        if (issued > seconds + options.Leeway.TotalSeconds || issued < seconds - options.PurposeAgeMax.TotalSeconds)
            return new Refusal(
                "purpose-stale", "The purpose was not signed just now. Sign it anew, and check your clock.");
        if (jws.Text("purpose") is not { } purpose || string.IsNullOrWhiteSpace(purpose))
            return new Refusal("purpose-missing", "Name the purpose.");
        if (jws.Text("project") is not { } project || string.IsNullOrWhiteSpace(project))
            return new Refusal("purpose-project", "Name the project.");
        return new SignedPurpose(
            consumer.Id, provider, agreement, purpose, project, DateTimeOffset.FromUnixTimeSeconds(issued), id);
    }
}
