using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class TransfersTests
{
    private const string Base = "/api/v1/participants/me/transfers";

    [Fact]
    public async Task Transfers_that_run_come_first()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives(
            $"GET {Base}",
            $"[{Transfer("t1", "COMPLETED", ""","title":"Rides" """)},{Transfer("t2", "SUSPENDED")}]");
        var result = await CommandRunner.RunAsync(node, "transfers", "list");
        Assert.Equal(
            """
            id  role      product  agreement  peer       state
            t2  provider  –        a1         did:web:b  SUSPENDED
            t1  provider  Rides    a1         did:web:b  COMPLETED

            """,
            result.Output);
    }

    [Fact]
    public async Task A_transfer_shows_where_it_is_read_and_how_it_ended()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives(
            $"GET {Base}/t:1",
            Transfer(
                "t:1", "TERMINATED",
                """
                ,"endpoint":"http://n.example/data/1","flight":"grpc+tcp://n.example:8815",
                "refusal":{"code":"over","reason":"The project is over."}
                """));
        var result = await CommandRunner.RunAsync(node, "transfers", "show", "t:1");
        Assert.Equal(
            """
            Transfer t:1
              consumer   did:web:b
              agreement  a1
              state      TERMINATED
              endpoint   http://n.example/data/1
              flight     grpc+tcp://n.example:8815
              ended      The project is over. (over)

            """,
            result.Output);
    }

    [Theory]
    [InlineData("start", """{"act":"start"}""")]
    [InlineData("resume", """{"act":"start"}""")]
    [InlineData("complete", """{"act":"complete"}""")]
    [InlineData("suspend", """{"act":"suspend","reason":"Checking."}""", "--reason", "Checking.")]
    [InlineData("terminate", """{"act":"terminate","code":"over"}""", "--code", "over")]
    public async Task A_step_is_taken_and_the_transfer_after_it_shown(string step, string body, params string[] more)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        var after = Transfer("t:1", "STARTED");
        node.Gives($"POST {Base}/t:1/acts", after);
        var result = await CommandRunner.RunAsync(node, ["transfers", step, "t:1", "--json", .. more]);
        Assert.Equal(("", ExitCode.Done, after), (result.Error, result.ExitCode, result.Output.TrimEnd('\n')));
        Assert.Contains(body, node.Asked.Select(a => a.Body));
    }

    [Fact]
    public async Task Access_is_asked_for_with_a_purpose()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"POST {Base}", Transfer("t1", "REQUESTED"), 201);
        var result = await CommandRunner.RunAsync(
            node, "transfers", "request", "a1", "--purpose", "planning", "--project", "storms");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains(
            """{"agreement":"a1","purpose":"planning","project":"storms"}""", node.Asked.Select(a => a.Body));
    }

    private static string Transfer(string id, string state, string more = "") =>
        $$"""
        {"id":"{{id}}","role":"provider","peer":"did:web:b","agreement":"a1","state":"{{state}}"{{more}}}
        """;
}
