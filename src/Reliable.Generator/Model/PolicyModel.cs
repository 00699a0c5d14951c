namespace Reliable.Generator.Model;

/// <summary>The static field that holds what a method's attributes say.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Operation">The method's name in logs, metrics and configuration, as a string literal.</param>
/// <param name="Retry">The <c>[Retry]</c> attribute, or <see langword="null"/>.</param>
/// <param name="Validation">The <c>[ValidateResponse]</c> attribute, or <see langword="null"/>.</param>
/// <param name="Usage">The <c>[UsageTransaction]</c> attribute, or <see langword="null"/>.</param>
/// <param name="Validator">The attribute's own validator, fully qualified, or <see langword="null"/>.</param>
/// <param name="Answer">The rules of the answer's members, or <see langword="null"/>.</param>
internal sealed record PolicyModel(
    string Field,
    string Operation,
    AttributeModel? Retry,
    AttributeModel? Validation,
    AttributeModel? Usage,
    string? Validator,
    AnswerRulesModel? Answer);
