using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatQuota.Model;

/// <summary>
/// What the model may ask the user interface to show beside its answer. Nothing here is run on the server: an answer that only calls tools leaves the user
/// with nothing to read, and is rejected.
/// </summary>
internal static class SupportTools
{
    private static readonly AIFunctionDeclaration s_openTicket = Declare(
        "open_ticket", "Offers to hand the question over to a person.", "summary", "What the person needs to know, in one sentence.");

    /// <summary>For ordinary attempts.</summary>
    public static ChatOptions Full { get; } = new()
    {
        Tools =
        [
            Declare("show_order", "Shows where an order is.", "orderNumber", "The number of the order."),
            Declare("start_return", "Shows the form for sending goods back.", "orderNumber", "The number of the order."),
            Declare("show_article", "Shows an article of the help pages.", "topic", "What the article is about."),
            s_openTicket,
        ],
    };

    /// <summary>For the fallback: a model that lost itself in its tools gets only the one that a user in need cannot do without.</summary>
    public static ChatOptions Essential { get; } = new() { Tools = [s_openTicket] };

    private static AIFunctionDeclaration Declare(string name, string description, string parameter, string parameterDescription)
    {
        JsonElement schema = JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["type"] = "object",
            ["properties"] = new Dictionary<string, object>
            {
                [parameter] = new { type = "string", description = parameterDescription },
            },
            ["required"] = new[] { parameter },
            ["additionalProperties"] = false,
        });
        return AIFunctionFactory.CreateDeclaration(name, description, schema);
    }
}
