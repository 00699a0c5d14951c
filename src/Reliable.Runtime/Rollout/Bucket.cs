using System.Text;

namespace Reliable.Rollout;

/// <summary>
/// The bucket of a user, 0 to 99: FNV-1a (32 bit) of the id in UTF-8, mixed by the finaliser of MurmurHash3 (fmix32), modulo 100. The same on every machine and
/// in every release: a user who is in at some percentage is in at every higher one.
/// </summary>
internal static class Bucket
{
    private const int StackLimit = 256;

    public static int Of(string userId)
    {
        int most = Encoding.UTF8.GetMaxByteCount(userId.Length);
        Span<byte> bytes = most <= StackLimit ? stackalloc byte[StackLimit] : new byte[most];
        int length = Encoding.UTF8.GetBytes(userId, bytes);
        return (int)(Mix(Fnv1a(bytes[..length])) % 100);
    }

    private static uint Fnv1a(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash;
    }

    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
