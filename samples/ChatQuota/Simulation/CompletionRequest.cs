using System.Text;
using System.Text.Json;

namespace ChatQuota.Simulation;

/// <summary>What the simulated model reads of a request to <c>/v1/chat/completions</c>.</summary>
internal sealed record CompletionRequest(string Model, string Question, IReadOnlyList<string> Tools, bool Stream)
{
    /// <summary>Reads a request; <see langword="null"/> when it is not one.</summary>
    public static async Task<CompletionRequest?> ReadAsync(HttpRequest request)
    {
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            JsonElement root = document.RootElement;
            JsonElement question = root.GetProperty("messages").EnumerateArray().Last(static message => message.GetProperty("role").ValueEquals("user"));
            return new CompletionRequest(
                root.GetProperty("model").GetString() ?? "",
                Text(question.GetProperty("content")),
                [.. ToolNames(root)],
                root.TryGetProperty("stream", out JsonElement stream) && stream.ValueKind == JsonValueKind.True);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<string> ToolNames(JsonElement root)
    {
        if (!root.TryGetProperty("tools", out JsonElement tools))
        {
            yield break;
        }

        foreach (JsonElement tool in tools.EnumerateArray())
        {
            yield return tool.GetProperty("function").GetProperty("name").GetString() ?? "";
        }
    }

    private static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.TryGetProperty("text", out JsonElement value))
            {
                text.Append(value.GetString());
            }
        }

        return text.ToString();
    }
}
