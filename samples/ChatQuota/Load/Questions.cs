namespace ChatQuota.Load;

/// <summary>Who asks what. No two questions are alike, so that what the model does to each does not depend on the order.</summary>
/// <param name="plan">How many users there are, and the seed.</param>
/// <param name="firstNumber">The number in the first question.</param>
internal sealed class Questions(LoadPlan plan, int firstNumber = Questions.FirstNumber)
{
    private const int FirstNumber = 10_000_000;

    private static readonly string[] s_topics =
    [
        "Where is my order {0}?",
        "How do I return the shoes of order {0}?",
        "When do I get the refund for order {0}?",
        "I forgot my password, my customer number is {0}.",
        "Please send me the invoice for order {0}.",
        "Can I still change the delivery address of order {0}? I have moved to 27 Łąkowa Street.",
        "Order {0}: can it be delivered on Saturday?",
        "I want to cancel order {0} 🙁",
    ];

    // Ids of this run alone: on a database that is kept, another run must not find them used.
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The users who ask, in the order of their numbers.</summary>
    public IEnumerable<string> Users => Enumerable.Range(0, plan.Users).Select(User);

    public (string UserId, string Message) this[int index]
    {
        get
        {
            int user = new Random(HashCodeOf(index)).Next(plan.Users);
            string message = string.Format(System.Globalization.CultureInfo.InvariantCulture, s_topics[index % s_topics.Length], firstNumber + index);
            return (User(user), message);
        }
    }

    private int HashCodeOf(int index) => unchecked((plan.Seed * 31_607) + (index * 7_919));

    private string User(int number) => $"run-{_run}-user-{number + 1:000}";
}
