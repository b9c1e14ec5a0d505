using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>A protocol message as the body of an answer.</summary>
internal sealed class MessageResult(Message message, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Wire.Write(message);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
