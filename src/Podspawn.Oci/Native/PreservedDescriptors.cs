using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Native;

/// <summary>Descriptors of our caller, from 3 on, that a container's process has at the same numbers because its user wants it so.</summary>
internal static class PreservedDescriptors
{
    private const int First = 3;
    private const int Most = 250; // we remember of so many whether our caller had them open

    /// <summary>Requires that each of them is open, and leads to nothing but itself.</summary>
    /// <param name="count">How many; 0 for none.</param>
    /// <exception cref="ContainerException">One is not.</exception>
    internal static void Require(int count)
    {
        if (count is < 0 or > Most)
            throw new ContainerException($"{Setting.PreserveFds}: {count} is no number of descriptors; write a number up to {Most}");
        for (int fd = First; fd < First + count; fd++)
        {
            if (!InheritedAttributes.HasDescriptor(fd))
                throw new ContainerException($"{Setting.PreserveFds}: descriptor {fd} is not open; open each from {First} to {First + count - 1}, as a shell does by {fd}<FILE");
            using Microsoft.Win32.SafeHandles.SafeFileHandle copy = DescriptorCalls.Duplicate(fd);
            // From a directory of the host, or one of its processes, openat(2) leads to every other file.
            if (FileKind.Of(copy) == FileKind.Directory)
                throw new ContainerException($"{Setting.PreserveFds}: descriptor {fd} is a directory, from which the container could reach the whole host; use {Setting.Volume}");
        }
    }

    /// <summary>Lets children that are started until the returned value is disposed of inherit them.</summary>
    /// <param name="count">How many; 0 for none.</param>
    internal static IDisposable Lend(int count) => new Loan(count);

    private sealed class Loan : IDisposable
    {
        private readonly int count;

        internal Loan(int count)
        {
            this.count = count;
            Mark(0);
        }

        public void Dispose() => Mark(RawCalls.FD_CLOEXEC);

        private void Mark(int flag)
        {
            for (int fd = First; fd < First + count; fd++)
                _ = RawCalls.Fcntl(fd, RawCalls.F_SETFD, flag);
        }
    }
}
