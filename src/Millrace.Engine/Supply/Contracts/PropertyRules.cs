namespace Millrace.Engine.Supply.Contracts;

/// <summary>Reads what a contract promises of one column.</summary>
internal static class PropertyRules
{
    public static IEnumerable<ContractRule> Read(ContractNode property, string column)
    {
        property.Keep(
            "id physicalName physicalType description businessName tags examples authoritativeDefinitions "
            + "customProperties partitioned partitionKeyPosition primaryKeyPosition encryptedName criticalDataElement "
            + "transformLogic transformDescription transformSourceObjects");
        var rules = new List<ContractRule>();
        if (property.Flag("required"))
            rules.Add(ContractReader.Rule($"{column}.not-null", property.PathOf("required"), new NoNulls(column, [])));
        if (property.Flag("unique"))
            rules.Add(ContractReader.Rule(
                $"{column}.unique", property.PathOf("unique"), new Unique([column], IsKey: false)));
        if (property.Node("logicalTypeOptions") is { } options)
            rules.AddRange(Options(options, column));
        rules.AddRange(property.Nodes("quality").Select(q => QualityRules.Read(q, column)).OfType<ContractRule>());
        rules.AddRange(
            property.Nodes("relationships").Select(r => ContractReader.Relation(r, column)).OfType<ContractRule>());
        property.Close();
        return rules;
    }

    private static IEnumerable<ContractRule> Options(ContractNode options, string column)
    {
        var (min, max) = (options.Text("minimum"), options.Text("maximum"));
        var (isMinExcluded, isMaxExcluded) = (Excluded(options, "exclusiveMinimum", ref min),
            Excluded(options, "exclusiveMaximum", ref max));
        if (min is not null || max is not null)
            yield return ContractReader.Rule(
                $"{column}.range", options.Path, new InRange(column, min, max, isMinExcluded, isMaxExcluded));
        var (shortest, longest) = (options.Count("minLength"), options.Count("maxLength"));
        if (shortest is not null || longest is not null)
            yield return ContractReader.Rule(
                $"{column}.length", options.Path, new OfLength(column, shortest, longest));
        if (options.Text("pattern") is { } pattern)
            yield return ContractReader.Rule(
                $"{column}.pattern", options.PathOf("pattern"), new Matches(column, pattern));
        // A format only says how values are written elsewhere; here a column has its type.
        options.Keep("format timezone defaultTimezone"); // The reader asks for the zone.
        foreach (var name in (string[])["multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties",
            "maxProperties", "required"])
        {
            if (!options.Has(name)) continue;
            options.Keep(name);
            options.Fault(name, "cannot be checked; write a condition instead");
        }
        options.Close();
    }

    /// <summary>
    /// The zone of times that do not name theirs. The standard has a flag <c>timezone</c>, that each does, and a name
    /// beside it; people write the name there, too.
    /// </summary>
    public static string? Zone(ContractNode options)
    {
        var (own, usual) = (options.Text("timezone"), options.Text("defaultTimezone"));
        return own switch
        {
            "true" => null, // They are kept in UTC.
            null or "false" => usual,
            _ => own,
        };
    }

    /// <summary>In version 3.0 a flag beside the bound, in 3.1 the bound itself.</summary>
    private static bool Excluded(ContractNode options, string name, ref string? bound)
    {
        switch (options.Text(name))
        {
            case null or "false":
                return false;
            case "true":
                return true;
            case var itself:
                if (bound is not null)
                    options.Fault(name, "stands beside another bound of the same side; give one");
                bound = itself;
                return true;
        }
    }
}
