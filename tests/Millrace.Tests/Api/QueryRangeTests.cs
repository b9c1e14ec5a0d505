using System.Net;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Api;

public sealed class QueryRangeTests(TwoNodes nodes)
{
    [Theory]
    [InlineData("evidence?limit=0", "limit must be a whole number from 1 to 500.")]
    [InlineData("evidence?limit=501", "limit must be a whole number from 1 to 500.")]
    [InlineData("catalogue?limit=-1", "limit must be a whole number from 1 to 500.")]
    [InlineData("catalogue?limit=many", "limit must be a whole number from 1 to 500.")]
    [InlineData("catalogue?limit=1&limit=2", "limit must be a whole number from 1 to 500.")]
    [InlineData("catalogue?skip=-1", "skip must be a whole number from 0 to 250000.")]
    [InlineData("negotiations/n1?wait=-5", "wait must be a whole number from 0 to 60.")]
    [InlineData("transfers/t1?wait=61", "wait must be a whole number from 0 to 60.")]
    [InlineData("events?from=-1", "from must be a whole number, at least 0.")]
    public async Task A_count_out_of_range_is_refused_with_its_range(string path, string sentence)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await TestNode.ProblemAsync(answer);
        Assert.Equal(("bad-request", sentence), (problem.Code, problem.Detail));
    }

    [Theory]
    [InlineData("evidence?limit=500")]
    [InlineData("evidence?limit=1&from=-1")]
    [InlineData("catalogue?limit=1&skip=250000")]
    public async Task The_ends_of_a_range_belong_to_it(string path)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
