using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Reliable.Calls;

namespace Reliable.Generator.Tests;

public sealed class KnownNamesTests
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        [nameof(KnownNames.Retry)] = typeof(RetryAttribute),
        [nameof(KnownNames.ValidateResponse)] = typeof(ValidateResponseAttribute),
        [nameof(KnownNames.UsageTransaction)] = typeof(UsageTransactionAttribute),
        [nameof(KnownNames.UserId)] = typeof(UserIdAttribute),
        [nameof(KnownNames.ModelId)] = typeof(ModelIdAttribute),
        [nameof(KnownNames.CorrelationId)] = typeof(CorrelationIdAttribute),
        [nameof(KnownNames.Validator)] = typeof(IResponseValidator<>),
        [nameof(KnownNames.AsyncValidator)] = typeof(IAsyncResponseValidator<>),
        [nameof(KnownNames.StreamValidator)] = typeof(IStreamValidator<>),
        [nameof(KnownNames.AttemptContext)] = typeof(AttemptContext),
        [nameof(KnownNames.RetryStatus)] = typeof(RetryStatus),
        [nameof(KnownNames.Runtime)] = typeof(ReliableRuntime),
        [nameof(KnownNames.Builder)] = typeof(ReliableBuilder),
        [nameof(KnownNames.CallPolicy)] = typeof(CallPolicy),
        [nameof(KnownNames.CallRunner)] = typeof(CallRunner),
        [nameof(KnownNames.ChatResponse)] = typeof(ChatResponse),
        [nameof(KnownNames.ChatMessage)] = typeof(ChatMessage),
        [nameof(KnownNames.ChatResponseUpdate)] = typeof(ChatResponseUpdate),
        [nameof(KnownNames.AnswerRules)] = typeof(AnswerRules),
        [nameof(KnownNames.MemberCheck)] = typeof(MemberCheck),
        [nameof(KnownNames.ServiceLifetime)] = typeof(Microsoft.Extensions.DependencyInjection.ServiceLifetime),
        [nameof(KnownNames.Task)] = typeof(Task<>),
        [nameof(KnownNames.ValueTask)] = typeof(ValueTask<>),
        [nameof(KnownNames.PlainTask)] = typeof(Task),
        [nameof(KnownNames.PlainValueTask)] = typeof(ValueTask),
        [nameof(KnownNames.AsyncEnumerable)] = typeof(IAsyncEnumerable<>),
        [nameof(KnownNames.CancellationToken)] = typeof(CancellationToken),
        [nameof(KnownNames.Progress)] = typeof(IProgress<>),
        [nameof(KnownNames.Enumerable)] = typeof(IEnumerable<>),
        [nameof(KnownNames.ImmutableArray)] = typeof(System.Collections.Immutable.ImmutableArray<>),
        [nameof(KnownNames.ValidationAttribute)] = typeof(System.ComponentModel.DataAnnotations.ValidationAttribute),
        [nameof(KnownNames.ValidatableObject)] = typeof(System.ComponentModel.DataAnnotations.IValidatableObject),
        [nameof(KnownNames.AllowNull)] = typeof(System.Diagnostics.CodeAnalysis.AllowNullAttribute),
        [nameof(KnownNames.DisallowNull)] = typeof(System.Diagnostics.CodeAnalysis.DisallowNullAttribute),
        [nameof(KnownNames.NotNull)] = typeof(System.Diagnostics.CodeAnalysis.NotNullAttribute),
        [nameof(KnownNames.MemberNotNull)] = typeof(System.Diagnostics.CodeAnalysis.MemberNotNullAttribute),
        [nameof(KnownNames.DoesNotReturn)] = typeof(System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute),
        [nameof(KnownNames.UnscopedRef)] = typeof(System.Diagnostics.CodeAnalysis.UnscopedRefAttribute),
        [nameof(KnownNames.RequiresUnreferencedCode)] = typeof(System.Diagnostics.CodeAnalysis.RequiresUnreferencedCodeAttribute),
        [nameof(KnownNames.RequiresDynamicCode)] = typeof(System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute),
        [nameof(KnownNames.RequiresAssemblyFiles)] = typeof(System.Diagnostics.CodeAnalysis.RequiresAssemblyFilesAttribute),
        [nameof(KnownNames.UnconditionalSuppressMessage)] = typeof(System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessageAttribute),
        [nameof(KnownNames.ClsCompliant)] = typeof(CLSCompliantAttribute),
        [nameof(KnownNames.SetsRequiredMembers)] = typeof(System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute),
        [nameof(KnownNames.DynamicallyAccessedMembers)] = typeof(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute),
        [nameof(KnownNames.DynamicallyAccessedMemberTypes)] = typeof(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes),
        [nameof(KnownNames.Experimental)] = typeof(System.Diagnostics.CodeAnalysis.ExperimentalAttribute),
        [nameof(KnownNames.Obsolete)] = typeof(ObsoleteAttribute),
        [nameof(KnownNames.GeneratedCode)] = typeof(System.CodeDom.Compiler.GeneratedCodeAttribute),
        [nameof(KnownNames.CompilerGenerated)] = typeof(CompilerGeneratedAttribute),
        [nameof(KnownNames.DebuggerStepThrough)] = typeof(System.Diagnostics.DebuggerStepThroughAttribute),
        [nameof(KnownNames.Formattable)] = typeof(IFormattable),
        [nameof(KnownNames.FormatProvider)] = typeof(IFormatProvider),
        [nameof(KnownNames.CultureInfo)] = typeof(System.Globalization.CultureInfo),
    };

    public static TheoryData<string> Constants =>
        [.. typeof(KnownNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static constant => constant.IsLiteral).Select(static constant => constant.Name)];


    public static TheoryData<string> UsedUp => [.. KnownNames.UsedUp];

    [Theory]
    [MemberData(nameof(UsedUp))]
    public void UsedUp_WhenLookedUp_IsATypeOfTheFramework(string name)
        => Assert.Contains(
            new[] { typeof(object), typeof(Stream), typeof(HttpContent), typeof(System.IO.Pipelines.PipeReader), typeof(System.Threading.Channels.Channel) },
            type => type.Assembly.GetType(name) is not null);

    [Theory]
    [MemberData(nameof(Constants))]
    public void Name_WhenCompared_IsTheTypesFullName(string constant)
        => Assert.Equal(s_types[constant].FullName, typeof(KnownNames).GetField(constant)!.GetValue(null));

    [Fact]
    public void CallAttributes_WhenCompared_AreTheAttributesOfMethods()
        => Assert.Equal(
            typeof(RetryAttribute).Assembly.GetExportedTypes()
                .Where(static type => type.GetCustomAttribute<AttributeUsageAttribute>() is { ValidOn: AttributeTargets.Method })
                .Select(static type => type.FullName)
                .Order(),
            KnownNames.CallAttributes.Order());

    [Fact]
    public void ResponseRules_WhenCompared_HaveTheValuesTheRulesUse()
    {
        Assert.Equal(1, (int)ResponseRules.NotEmpty);
        Assert.Equal(2, (int)ResponseRules.NotWhitespace);
        Assert.Equal(16, (int)ResponseRules.MinText);
        Assert.Equal(31, (int)ResponseRules.All);
    }
}
