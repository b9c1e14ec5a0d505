using System.Security.Cryptography;
using System.Text;
using Millrace.Node.Delivery;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Sharing;

/// <summary>An agreement as its reader sees it: a share, with a schema for each way to read it now.</summary>
public sealed record Share(string Participant, Access Access, IReadOnlyList<ShareSchema> Schemas)
{
    public AgreementRecord Agreement => Access.Agreement.Value;

    public string Name => ShareName.Of(Agreement.Id);

    /// <summary>Its one table: the product.</summary>
    public string Table => ShareName.OfTable(Agreement.Product);

    /// <summary>A lasting id of the share itself, or of something in it.</summary>
    public string Id(params IReadOnlyList<string> below)
    {
        var text = string.Join('\n', [Participant, Agreement.Id, .. below]);
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();
    }

    /// <summary>What may be read now, by the gate; a refusal where nothing may.</summary>
    public static Decision<Share> Open(string participant, Access access, Gate gate)
    {
        var schemas = new List<ShareSchema>();
        var first = ShareSchema.Open(ShareSchema.Main, null, access, gate);
        if (!first.Refused(out var refusal, out var main))
            schemas.Add(main);
        var permissions = access.Agreement.Value.Policy.Permissions.Count;
        for (var i = 0; permissions > 1 && i < permissions; i++)
        {
            if (!ShareSchema.Open($"permission-{i}", $"permission[{i}]", access, gate).Refused(out _, out var schema))
                schemas.Add(schema);
        }
        return schemas.Count > 0 ? new Share(participant, access, schemas) : Check.NotNull(refusal);
    }
}

/// <summary>One way in which a share may be read.</summary>
/// <param name="Permission">The permission that is named to the gate, where several could hold; else null.</param>
public sealed record ShareSchema(string Name, string? Permission, AccessPlan Plan)
{
    /// <summary>The schema under the permission that the policy itself leads to.</summary>
    public const string Main = "data";

    public static Decision<ShareSchema> Open(string name, string? permission, Access access, Gate gate) =>
        gate.Plan(access, FileEndpoint.Wish(permission)).Refused(out var refusal, out var plan)
            ? refusal
            : new ShareSchema(name, permission, plan);
}
