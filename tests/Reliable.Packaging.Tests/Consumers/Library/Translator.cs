using System;
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

        private Task<string> DescribeCoreAsync(string userId, string text, CancellationToken cancellationToken)
            => Task.FromResult(Interlocked.Increment(ref _calls) == 1 ? "" : userId + " wrote a text of " + (text == null ? 0 : text.Length) + " characters");
    }
}
