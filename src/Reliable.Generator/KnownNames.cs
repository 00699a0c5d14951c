namespace Reliable.Generator;

/// <summary>
/// The names of the types that the generator reads and writes. It references none of our assemblies; a test compares these with <c>typeof</c>.
/// </summary>
internal static class KnownNames
{
    public const string Retry = "Reliable.RetryAttribute";
    public const string ValidateResponse = "Reliable.ValidateResponseAttribute";
    public const string UsageTransaction = "Reliable.UsageTransactionAttribute";
    public const string UserId = "Reliable.UserIdAttribute";
    public const string ModelId = "Reliable.ModelIdAttribute";
    public const string CorrelationId = "Reliable.CorrelationIdAttribute";
    public const string Validator = "Reliable.IResponseValidator`1";
    public const string AsyncValidator = "Reliable.IAsyncResponseValidator`1";
    public const string StreamValidator = "Reliable.IStreamValidator`1";
    public const string AttemptContext = "Reliable.AttemptContext";
    public const string RetryStatus = "Reliable.RetryStatus";
    public const string Runtime = "Reliable.ReliableRuntime";
    public const string Builder = "Reliable.ReliableBuilder";
    public const string CallPolicy = "Reliable.Calls.CallPolicy";
    public const string CallRunner = "Reliable.Calls.CallRunner";

    public const string AnswerRules = "Reliable.Calls.AnswerRules";
    public const string MemberCheck = "Reliable.Calls.MemberCheck";

    public const string ChatResponse = "Microsoft.Extensions.AI.ChatResponse";
    public const string ChatMessage = "Microsoft.Extensions.AI.ChatMessage";
    public const string ChatResponseUpdate = "Microsoft.Extensions.AI.ChatResponseUpdate";
    public const string ServiceLifetime = "Microsoft.Extensions.DependencyInjection.ServiceLifetime";

    public const string Task = "System.Threading.Tasks.Task`1";
    public const string ValueTask = "System.Threading.Tasks.ValueTask`1";
    public const string PlainTask = "System.Threading.Tasks.Task";
    public const string PlainValueTask = "System.Threading.Tasks.ValueTask";
    public const string AsyncEnumerable = "System.Collections.Generic.IAsyncEnumerable`1";
    public const string CancellationToken = "System.Threading.CancellationToken";
    public const string Progress = "System.IProgress`1";
    public const string Enumerable = "System.Collections.Generic.IEnumerable`1";
    public const string ImmutableArray = "System.Collections.Immutable.ImmutableArray`1";
    public const string ValidationAttribute = "System.ComponentModel.DataAnnotations.ValidationAttribute";
    public const string ValidatableObject = "System.ComponentModel.DataAnnotations.IValidatableObject";
    public const string AllowNull = "System.Diagnostics.CodeAnalysis.AllowNullAttribute";
    public const string DisallowNull = "System.Diagnostics.CodeAnalysis.DisallowNullAttribute";
    public const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
    public const string NotNull = "System.Diagnostics.CodeAnalysis.NotNullAttribute";
    public const string MemberNotNull = "System.Diagnostics.CodeAnalysis.MemberNotNullAttribute";
    public const string DoesNotReturn = "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute";
    public const string UnscopedRef = "System.Diagnostics.CodeAnalysis.UnscopedRefAttribute";
    public const string RequiresUnreferencedCode = "System.Diagnostics.CodeAnalysis.RequiresUnreferencedCodeAttribute";
    public const string RequiresDynamicCode = "System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute";
    public const string RequiresAssemblyFiles = "System.Diagnostics.CodeAnalysis.RequiresAssemblyFilesAttribute";
    public const string UnconditionalSuppressMessage = "System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessageAttribute";
    public const string ClsCompliant = "System.CLSCompliantAttribute";
    public const string DynamicallyAccessedMembers = "System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute";
    public const string DynamicallyAccessedMemberTypes = "System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes";
    public const string Experimental = "System.Diagnostics.CodeAnalysis.ExperimentalAttribute";
    public const string Obsolete = "System.ObsoleteAttribute";
    public const string GeneratedCode = "System.CodeDom.Compiler.GeneratedCodeAttribute";
    public const string CompilerGenerated = "System.Runtime.CompilerServices.CompilerGeneratedAttribute";
    public const string DebuggerStepThrough = "System.Diagnostics.DebuggerStepThroughAttribute";
    public const string Formattable = "System.IFormattable";
    public const string FormatProvider = "System.IFormatProvider";
    public const string CultureInfo = "System.Globalization.CultureInfo";

    /// <summary>The attributes that ask for a wrapper, in the order in which a method with several belongs to the first.</summary>
    public static readonly string[] CallAttributes = [Retry, ValidateResponse, UsageTransaction];

    /// <summary>What can be read once, whoever implements it.</summary>
    public static readonly string[] UsedUpInterfaces =
    [
        "System.Collections.IEnumerator",
        "System.Collections.Generic.IEnumerator`1",
        "System.Collections.Generic.IAsyncEnumerator`1",
    ];

    /// <summary>What can be read once: from its position to its end.</summary>
    public static readonly string[] UsedUp =
    [
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.Pipelines.PipeReader",
        "System.Net.Http.HttpContent",
        "System.Net.Http.HttpRequestMessage",
        "System.Threading.Channels.ChannelReader`1",
        AsyncEnumerable,
        .. UsedUpInterfaces,
    ];

    /// <summary><c>global::</c> and a type's name, for generated code.</summary>
    public static string Global(string metadataName) => "global::" + metadataName;

    /// <summary>An attribute's name, as it is written where it is applied.</summary>
    public static string Attribute(string metadataName) => Global(metadataName.Substring(0, metadataName.Length - nameof(Attribute).Length));
}
