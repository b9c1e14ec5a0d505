using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Agreements;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;
using Millrace.Tests.Storage;

namespace Millrace.Tests.Agreements;

public sealed class AgreementListTests(TwoNodes nodes)
{
    private static readonly DateTimeOffset _start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task An_agreement_is_expired_on_both_sides_from_the_moment_that_refuses_access()
    {
        var time = new FakeTimeProvider(_start);
        await using var node = await TestNode.StartAsync("sqlite", time);
        var (holder, reader) = (await node.AddAsync("holder"), await node.AddAsync("reader"));
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Until(_start.AddHours(1)), Odrl.Count(9)));
        var agreement = await reader.AgreeAsync(holder, product);
        Assert.Equal(("active", _start.AddHours(1)), await StateAsync(holder, agreement));
        Assert.Equal(("active", _start.AddHours(1)), await StateAsync(reader, agreement));

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(("expired", _start.AddHours(1)), await StateAsync(holder, agreement));
        Assert.Equal(("expired", _start.AddHours(1)), await StateAsync(reader, agreement));
        Assert.Equal("expired", (await reader.TransferAsync(agreement)).Refusal?.Code);
        Assert.Equal("expired", Assert.Single(
            await reader.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement)).State);
        Assert.Equal("withdrawn", (await holder.WithdrawAsync(agreement)).State);
    }

    [Theory]
    [InlineData("P1D", "2020-01-02T00:00:00Z", "expired")]
    [InlineData("P100Y", "2120-01-01T00:00:00Z", "active")]
    public async Task One_that_was_taken_over_counts_from_its_own_time(string duration, string end, string state)
    {
        var reader = await nodes.ParticipantAsync("sqlite", "reader");
        var policy = Odrl.Offer(Odrl.Within(duration), Odrl.Constraint("urn:elsewhere:Member", "eq", "active"));
        policy["@type"] = "Agreement";
        policy["@id"] = "urn:paper:1";
        policy["target"] = "rides";
        policy["assigner"] = "did:web:a.example";
        policy["assignee"] = reader.Did;
        policy["timestamp"] = "2020-01-01T00:00:00Z";
        using var answer = await reader.PostAsync("agreements", JsonContent.Create(
            new AgreementImport("consumer", "did:web:a.example", JsonElement.Parse(policy.ToJsonString())),
            ApiJson.Wire.AgreementImport));
        var taken = await TestNode.ReadAsync(answer, ApiJson.Wire.Agreement);
        Assert.Equal((state, DateTimeOffset.Parse(end, CultureInfo.InvariantCulture)), (taken.State, taken.EndsAt));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Pages_go_from_the_newest_back_whatever_the_ids_are(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        string[] ids = ["m", "z", "a", "k", "b"];
        await database.WriteAsync(
            async unit =>
            {
                // The last two were agreed in the same moment; there their ids decide.
                foreach (var (i, id) in ids.Index())
                    await SaveAsync(unit, id, _start.AddDays(Math.Min(i, 3)));
            },
            TestNode.Cancel);

        var first = await PageAsync(database, null);
        Assert.Equal(["k", "b"], first);
        var second = await PageAsync(database, first[^1]);
        Assert.Equal(["a", "z"], second);
        Assert.Equal(["m"], await PageAsync(database, second[^1]));
        Assert.Empty(await PageAsync(database, "m"));
    }

    private static async Task<(string, DateTimeOffset?)> StateAsync(TestParticipant who, string agreement)
    {
        var shown = await who.AgreementAsync(agreement);
        return (shown.State, shown.EndsAt);
    }

    private static Task SaveAsync(Unit unit, string id, DateTimeOffset agreedAt)
    {
        var policy = new Policy
        {
            Kind = PolicyKind.Agreement,
            Id = id,
            Target = "rides",
            Assigner = "did:web:a.example",
            Assignee = "did:web:me.example",
            Permissions = [new Rule { Action = Terms.Use }],
        };
        return Tables.Agreements.SaveAsync(
            unit,
            new("me", id, 0, new AgreementRecord(
                id, Role.Consumer, "did:web:a.example", "rides", "Rides", policy, agreedAt, null, false, null, null,
                null)),
            TestNode.Cancel);
    }

    private static async Task<string[]> PageAsync(Database database, string? before) =>
    [
        .. (await AgreementEndpoints.NewestAsync(
            "me", before, 2, database, new Clock(TimeProvider.System, Limits.Default), TestNode.Cancel))
            .Select(a => a.Id),
    ];
}
