using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>The body of <c>POST products/{id}/proof</c>.</summary>
/// <param name="Policy">Terms that nobody has signed; null: those of the offer.</param>
/// <param name="Offer">The id of an offer of the product; null: its first one.</param>
public sealed record ProofDraft(JsonElement? Policy = null, string? Offer = null);

/// <summary>
/// A draft contract with what became of each forbidden read that was tried on the real product before anything was
/// signed.
/// </summary>
/// <param name="Terms">What the policy says, as one name.</param>
/// <param name="Version">The version of the product that was read.</param>
/// <param name="Held">Whether nothing forbidden was let through.</param>
public sealed record Proof(
    string Product, int Version, string Terms, DateTimeOffset At, bool Held, JsonElement Policy,
    IReadOnlyList<ProvedClause> Clauses);

/// <summary>A sentence of the terms, how far it reaches, and what was tried against it.</summary>
/// <param name="Status">
/// <c>held</c>: all that was tried was refused; <c>broken</c>: something was let through; <c>not-tried</c>: technique
/// does not reach it, or it forbids nothing by itself.
/// </param>
public sealed record ProvedClause(Term Term, string Status, IReadOnlyList<Attempt> Attempts);

/// <summary>One forbidden read.</summary>
/// <param name="What">What was tried.</param>
/// <param name="Channel">
/// By which way: <c>gate</c> before all ways; <c>parquet, csv, jsonl, sql, sharing, files</c>; <c>call</c>.
/// </param>
/// <param name="Result">What came of it: the code of the refusal, or what was found.</param>
public sealed record Attempt(string What, string WhatZh, string Channel, bool Held, string Result);
