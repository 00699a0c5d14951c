using System;
using System.Collections.Generic;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Reliable;

[assembly: CLSCompliant(false)]

namespace Library
{
    /// <summary>Translates.</summary>
    public interface ITranslator
    {
        /// <summary>The language.</summary>
        string Language { get; }

        /// <summary>Translates a text.</summary>
        /// <param name="userId">Who is charged.</param>
        /// <param name="text">The text.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The translation.</returns>
        [Retry(MaxRetries = 1, BackoffMs = new[] { 1 }), ValidateResponse(MinLength = 3), UsageTransaction(Counter = "words")]
        ValueTask<string> TranslateAsync(string userId, string text, CancellationToken cancellationToken = default);
    }

    /// <summary>Plugins whose members say what trimming must keep: what stands in front of them has to say the same.</summary>
    /// <typeparam name="TPlugin">What they derive from.</typeparam>
    public interface IPlugins<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] TPlugin>
        where TPlugin : class
    {
        /// <summary>The type of the newest.</summary>
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
        Type Newest { get; }

        /// <summary>Asks a plugin.</summary>
        /// <typeparam name="T">Its type.</typeparam>
        /// <param name="kind">The type of its options.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The answer.</returns>
        [Retry]
        Task<string> AskAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
            [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] Type kind, CancellationToken cancellationToken = default)
            where T : TPlugin, new();

        /// <summary>Loads all of a folder.</summary>
        /// <param name="folder">The folder.</param>
        /// <returns>The type of the first.</returns>
        [RequiresUnreferencedCode("The plugins are not known."), RequiresDynamicCode("Nor are their types.")]
        [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)]
        Type Load(string folder);
    }

    /// <summary>Counts the words of a language.</summary>
    public sealed partial class WordCounter
    {
        private readonly ReliableRuntime _reliable;
        private int _calls;

        /// <summary>Creates a counter.</summary>
        /// <param name="reliable">The runtime.</param>
        public WordCounter(ReliableRuntime reliable) => _reliable = reliable;

        /// <summary>Describes a text.</summary>
        /// <param name="userId">Who is charged.</param>
        /// <param name="text">The text.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A description.</returns>
        [Retry(BackoffMs = [1]), ValidateResponse, UsageTransaction(Counter = "words", Amount = 2)]
        public partial Task<string> DescribeAsync(string userId, string text, CancellationToken cancellationToken = default);

        /// <summary>Counts the words of a text.</summary>
        /// <param name="text">The text.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The count.</returns>
        [Retry(MaxRetries = 1, BackoffMs = [1]), ValidateResponse]
        public partial Task<WordCount> CountAsync(string text, CancellationToken cancellationToken = default);

        /// <summary>Forgets a text.</summary>
        /// <param name="text">The text.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>When it is forgotten.</returns>
        [Retry]
        public partial ValueTask ForgetAsync(string text, CancellationToken cancellationToken = default);

        /// <summary>The words of a text.</summary>
        /// <param name="text">The text.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The words.</returns>
        [Retry, ValidateResponse]
        public partial IAsyncEnumerable<string> SplitAsync(string text, CancellationToken cancellationToken = default);

        /// <summary>Makes a word.</summary>
        /// <param name="type">The type of the word.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The word.</returns>
        [Retry]
        public partial Task<object> MakeAsync(
            [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type type, CancellationToken cancellationToken = default);

        private Task<object> MakeCoreAsync([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type type)
            => Task.FromResult(_calls < 0 ? null : Activator.CreateInstance(type));

        private Task<WordCount> CountCoreAsync(string text, AttemptContext attempt)
            => Task.FromResult(new WordCount { Language = attempt.Number == 1 ? "" : "English", Words = [new Word(text, _calls + 1)] });

        private ValueTask ForgetCoreAsync(string text)
        {
            _calls = text == null ? 0 : _calls;
            return default;
        }

        private async IAsyncEnumerable<string> SplitCoreAsync(string text, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(_calls, cancellationToken).ConfigureAwait(false);
            yield return text;
        }

        private Task<string> DescribeCoreAsync(string userId, string text, CancellationToken cancellationToken)
            => Task.FromResult(Interlocked.Increment(ref _calls) == 1 ? "" : userId + " wrote a text of " + (text == null ? 0 : text.Length) + " characters");
    }

    /// <summary>What was counted.</summary>
    public sealed class WordCount
    {
        /// <summary>The language.</summary>
        public required string Language { get; init; }

        /// <summary>The words.</summary>
        public required IReadOnlyList<Word> Words { get; init; }
    }

    /// <summary>A word, and how often it was found.</summary>
    /// <param name="Text">The word.</param>
    /// <param name="Count">How often.</param>
    public sealed record Word(string Text, [property: Range(1, 1000)] int Count);
}
