using System.Security.Cryptography;
using System.Text;

namespace Podspawn.Oci.TestSupport;

/// <summary>All names, modes, times, links and contents of a directory as one text, for comparing two moments.</summary>
internal static class TreeFingerprint
{
    internal static string Of(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{path} {info.UnixFileMode} {info.LastWriteTimeUtc.Ticks} {info.LinkTarget}\n"));
            if (info.LinkTarget is null && info.Exists)
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
