using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Diagnostics;

/// <summary>Everything the generator can say, each with a fixed id and a page of its own.</summary>
internal static class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor MethodNotPartial = Error(
        "REL001",
        "An annotated method must be partial",
        "'{0}' must be partial, because Reliable writes its body. Add 'partial' and move the model call to '{1}'.");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "REL002",
        "The type of an annotated method must be partial",
        "'{0}' must be partial, because Reliable writes the body of '{1}' in another file");

    public static readonly DiagnosticDescriptor UnsupportedReturnType = Error(
        "REL003",
        "An annotated method must return a task or an asynchronous stream",
        "'{0}' returns '{1}'. Supported are 'Task<T>', 'ValueTask<T>', 'Task', 'ValueTask' and 'IAsyncEnumerable<T>'.");

    public static readonly DiagnosticDescriptor CoreMissing = Error(
        "REL004",
        "The method that makes the model call is missing",
        "'{0}' needs a method that makes the model call. Add 'private {1}'.");

    public static readonly DiagnosticDescriptor CoreMismatch = Error(
        "REL005",
        "The method that makes the model call has another signature",
        "'{0}' does not match '{1}': expected '{2}', found '{3}'");

    public static readonly DiagnosticDescriptor UserIdMissing = Error(
        "REL006",
        "A method with [UsageTransaction] needs a user id",
        "'{0}' does not say which user is charged. Add a parameter named 'userId', or mark one with [UserId].");

    public static readonly DiagnosticDescriptor RuntimeMissing = Error(
        "REL007",
        "No ReliableRuntime is in reach",
        "'{0}' finds no ReliableRuntime. Add {1}.");

    public static readonly DiagnosticDescriptor FallbackMissing = Error(
        "REL008",
        "The fallback does not exist",
        "'{0}' has no method '{1}' that could be the fallback of '{2}'. Add '{3}'.");

    public static readonly DiagnosticDescriptor FallbackUnusable = Error(
        "REL009",
        "The fallback cannot be called",
        "'{0}' cannot be the fallback of '{1}': {2}");

    public static readonly DiagnosticDescriptor BackoffOutOfRange = Error(
        "REL010",
        "A delay is out of range",
        "The delay '{0}' in 'BackoffMs' is negative. Delays are milliseconds, 0 or more.");

    public static readonly DiagnosticDescriptor BackoffTooLong = Warning(
        "REL011",
        "A delay is longer than a user waits",
        "The delay '{0}' in 'BackoffMs' is longer than 30 seconds. Delays are milliseconds, and the caller waits for all of them.");

    public static readonly DiagnosticDescriptor BackoffUnused = Warning(
        "REL012",
        "There are more delays than retries",
        "'BackoffMs' has {0} delays, but 'MaxRetries' is {1}. Remove the delays that are never used, or raise 'MaxRetries'.");

    public static readonly DiagnosticDescriptor ValueOutOfRange = Error(
        "REL013",
        "A value is out of range",
        "'{0}' is '{1}'. Allowed is {2}.");

    public static readonly DiagnosticDescriptor CounterEmpty = Error(
        "REL014",
        "A counter needs a name",
        "'Counter' is empty. Name the counter, or leave it out to use \"requests\".");

    public static readonly DiagnosticDescriptor ValidatorOfWrongType = Error(
        "REL015",
        "The validator does not judge this type",
        "'{0}' cannot judge the answer of '{1}'. Implement {2}.");

    public static readonly DiagnosticDescriptor ValidatorNotConstructible = Error(
        "REL016",
        "The validator cannot be constructed",
        "'{0}' cannot be constructed by generated code: {1}");

    public static readonly DiagnosticDescriptor ValidationWithoutEffect = Error(
        "REL017",
        "The validation can never reject an answer",
        "[ValidateResponse] on '{0}' can never reject an answer: {1}");

    public static readonly DiagnosticDescriptor ParameterNotRepeatable = Error(
        "REL018",
        "A parameter cannot be passed a second time",
        "'{0}' cannot be kept for another attempt, because {1}. Pass it by value, as a type that can be a field.");

    public static readonly DiagnosticDescriptor RoleTwice = Error(
        "REL019",
        "Two parameters have the same role",
        "'{0}' and '{1}' are both {2}. Keep one.");

    public static readonly DiagnosticDescriptor RoleNotText = Error(
        "REL020",
        "A parameter with a role must have a text",
        "'{0}' is {1}, but '{2}' has no text of its own. Use a string, a Guid, a number, or a type that implements IFormattable or overrides ToString.");

    public static readonly DiagnosticDescriptor CancellationTokenMissing = Suggestion(
        "REL021",
        "An annotated method should take a CancellationToken",
        "'{0}' cannot be cancelled while it retries. Add a parameter 'CancellationToken cancellationToken = default'.");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "REL022",
        "An annotated method cannot be async void",
        "'{0}' is async void: nobody can wait for its answer. Return 'Task', 'Task<T>' or one of their kind.");

    public static readonly DiagnosticDescriptor BodyWritten = Error(
        "REL023",
        "An annotated method already has a body",
        "'{0}' already has a body, but Reliable writes it. Move the body to '{1}'.");

    public static readonly DiagnosticDescriptor InterfaceUnsupported = Error(
        "REL024",
        "The interface cannot be decorated",
        "'{0}' cannot be decorated: {1}");

    public static readonly DiagnosticDescriptor PlacementUnsupported = Error(
        "REL025",
        "The attribute cannot be used here",
        "'{0}' cannot be wrapped: {1}");

    public static readonly DiagnosticDescriptor TypeUnknown = Error(
        "REL026",
        "A type is not visible to the generator",
        "'{0}' cannot be named in the file that is generated for '{1}': a type that another generator writes, a type of one file, or one behind an extern alias cannot be part of the signature");

    public static readonly DiagnosticDescriptor RuntimeNotReferenced = Error(
        "REL027",
        "The package Reliable.Runtime is not referenced",
        "'{0}' is annotated, but the package 'Reliable.Runtime' is not referenced. Reference it, or remove the generator from this project.");

    public static readonly DiagnosticDescriptor ArgumentUsedUp = Warning(
        "REL028",
        "An argument cannot be sent twice",
        "'{0}' is used up by the first attempt: a second one would send nothing of '{1}'. Pass what it can be made from, or set 'MaxRetries = 0'.");

    public static readonly DiagnosticDescriptor CoreCalledDirectly = Warning(
        "REL029",
        "The method that makes the model call is called directly",
        "'{0}' makes the model call without {2}. Call '{1}'.");

    public static readonly DiagnosticDescriptor RetriedTwice = Suggestion(
        "REL030",
        "A call is retried in two places",
        "'{0}' retries by itself, and '{1}' retries it again: the attempts multiply. Leave the retries to one of them.");

    public static readonly DiagnosticDescriptor WrappedTwice = Warning(
        "REL031",
        "A method is wrapped twice",
        "'{0}' is annotated, and so is '{1}', which it implements: behind the decorator it would be retried and charged twice. Annotate one of them.");

    public static readonly DiagnosticDescriptor AnnotationNotChecked = Warning(
        "REL032",
        "A data annotation of the answer is not checked",
        "[{0}] on '{1}' needs reflection or is out of reach, so it is not checked. Use another annotation, or a 'Validator'.");

    public static readonly DiagnosticDescriptor RegisteredWithoutDecorator = Warning(
        "REL033",
        "An implementation is registered without its decorator",
        "'{0}' is registered as '{1}' without {2}. Register it with '{3}()' on what 'AddReliable' returns.");

    public static readonly DiagnosticDescriptor PartNotChecked = Warning(
        "REL034",
        "A part of the answer is not checked",
        "'{0}' is not looked into: an answer is checked through {1}. Make it smaller, or check what is beyond that with a 'Validator'.");

    // Relative to the repository's root: the pages are part of it.
    private const string HelpLinks = "docs/diagnostics/";

    /// <summary>An error means that nothing useful can be generated, so it cannot be switched off.</summary>
    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id,
        title,
        message,
        "Reliable",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink(id),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    private static DiagnosticDescriptor Warning(string id, string title, string message)
        => new(id, title, message, "Reliable", DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static DiagnosticDescriptor Suggestion(string id, string title, string message)
        => new(id, title, message, "Reliable", DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static string HelpLink(string id) => HelpLinks + id + ".md";
}
