using System.Text.Json;

namespace ChatQuota.Api;

/// <summary>The body of <c>POST /chat</c>.</summary>
internal sealed record ChatRequest(string? UserId, string? Message)
{
    /// <summary>What is wrong with the request, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Check(ChatSettings settings)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (UserIds.Check(UserId) is { } mistake)
        {
            mistakes["userId"] = [mistake];
        }

        if (string.IsNullOrWhiteSpace(Message))
        {
            mistakes["message"] = ["A message is required: the question, as text."];
        }
        else if (Message.Length > settings.MaxMessageLength)
        {
            mistakes["message"] = [$"The message has {Message.Length} characters. Allowed: at most {settings.MaxMessageLength}."];
        }

        return mistakes;
    }

    /// <summary>The field of which the reader says that it is not what was expected.</summary>
    public static Dictionary<string, string[]> Explain(JsonException exception)
    {
        string field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body";
        string mistake = field == "body"
            ? """The body must be a JSON object such as { "userId": "ada", "message": "Where is my order?" }."""
            : $"'{field}' must be a JSON string in a body that is valid JSON.";
        return new Dictionary<string, string[]> { [field] = [mistake] };
    }
}
