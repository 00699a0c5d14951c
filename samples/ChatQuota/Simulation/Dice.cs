using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ChatQuota.Simulation;

/// <summary>
/// Chance that can be repeated: what happens to a question depends on the seed, the question and how often it was asked, and on nothing else.
/// </summary>
internal sealed class Dice(int seed)
{
    // More than any run asks; a server that runs for months forgets what it has rolled and starts over.
    private const int MaxRemembered = 1_000_000;

    private readonly ConcurrentDictionary<ulong, uint> _asked = [];

    /// <summary>The next roll for a question.</summary>
    public Roll Next(string question)
    {
        if (_asked.Count >= MaxRemembered)
        {
            _asked.Clear();
        }

        ulong key = Mix(Fnv1a(MemoryMarshal.AsBytes(question.AsSpan())) ^ (uint)seed);
        uint attempt = _asked.AddOrUpdate(key, 1, static (_, before) => before + 1);
        return new Roll(Mix(key + (attempt * 0x9E3779B97F4A7C15UL)));
    }

    private static ulong Fnv1a(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037UL;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash;
    }

    // The finaliser of SplitMix64: neighbouring inputs give unrelated outputs.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>Independent numbers drawn from one roll.</summary>
    internal readonly record struct Roll(ulong Bits)
    {
        /// <summary>A number from 0 to 1, 1 excluded; another one for each purpose.</summary>
        public double Fraction(uint purpose) => (Mix(Bits + purpose) >> 11) * (1.0 / (1UL << 53));

        /// <summary>A number from 0 to <paramref name="count"/>, which is excluded.</summary>
        public int Index(uint purpose, int count) => (int)(Fraction(purpose) * count);
    }
}
