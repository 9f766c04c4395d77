using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Carries bytes between the caller's streams and the master of the container's terminal, each way with one buffer: a side that does not
/// read holds back the other, and nothing is lost. The caller's own descriptors stay in blocking mode, since others share them.
/// </summary>
internal sealed unsafe class PtyRelay(SafeFileHandle master, int input, int output, SafeFileHandle stop)
{
    private const int BufferSize = 4096; // PIPE_BUF: a pipe that polls writable takes that much without blocking (pipe(7)).

    private readonly int masterFd = (int)master.DangerousGetHandle();
    private readonly byte[] inward = new byte[BufferSize];
    private readonly byte[] outward = new byte[BufferSize];
    private int inwardStart, inwardEnd, outwardStart, outwardEnd;
    private bool inputOpen = input >= 0;
    private bool masterOpen = true;
    private bool stopping;

    /// <summary>
    /// Relays until the container's side has closed and all its output is through, or the caller's output is closed. After
    /// the stop event is signalled, only what is already there is carried out.
    /// </summary>
    internal void Run()
    {
        DescriptorCalls.SetNonBlocking(master);
        DescriptorCalls.PollEntry* entries = stackalloc DescriptorCalls.PollEntry[4];
        while (masterOpen || outwardStart < outwardEnd)
        {
            bool wantInput = inputOpen && masterOpen && !stopping && inwardStart == inwardEnd;
            bool wantOutput = masterOpen && outwardStart == outwardEnd;
            bool canOutput = outwardStart < outwardEnd;
            short masterEvents = (short)((wantOutput ? DescriptorCalls.POLLIN : 0) | (inwardStart < inwardEnd ? DescriptorCalls.POLLOUT : 0));
            entries[0] = new() { Descriptor = wantInput ? input : -1, Events = DescriptorCalls.POLLIN };
            // A hung-up master reports POLLHUP whatever is asked: leave it out while its last output waits to be written.
            entries[1] = new() { Descriptor = masterOpen && masterEvents != 0 ? masterFd : -1, Events = masterEvents };
            entries[2] = new() { Descriptor = canOutput ? output : -1, Events = DescriptorCalls.POLLOUT };
            entries[3] = new() { Descriptor = stopping ? -1 : (int)stop.DangerousGetHandle(), Events = DescriptorCalls.POLLIN };
            int ready = DescriptorCalls.Poll(entries, 4, stopping && !canOutput ? 0 : -1);
            if (ready < 0)
                continue;
            if (ready == 0)
                return; // Stopping, and nothing more is there.
            stopping |= entries[3].Returned != 0;
            if (entries[2].Returned != 0 && !WriteOutput())
                return;
            if (entries[1].Returned != 0)
                ServeMaster(entries[1].Returned, wantOutput);
            if (entries[0].Returned != 0)
                ReadInput();
        }
    }

    private void ServeMaster(short returned, bool wantOutput)
    {
        if ((returned & DescriptorCalls.POLLOUT) != 0 && inwardStart < inwardEnd)
            WriteMaster();
        if (wantOutput && (returned & (DescriptorCalls.POLLIN | DescriptorCalls.POLLHUP | DescriptorCalls.POLLERR)) != 0)
            ReadMaster();
        else if (!wantOutput && (returned & DescriptorCalls.POLLHUP) != 0)
            inwardStart = inwardEnd = 0; // Nobody is left to read it.
    }

    private void ReadMaster()
    {
        nint got;
        fixed (byte* buffer = outward)
            got = DescriptorCalls.Read(masterFd, buffer, BufferSize);
        if (got > 0)
            (outwardStart, outwardEnd) = (0, (int)got);
        else if (got == 0 || Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
            masterOpen = false; // EIO: the last descriptor of the other side is closed (pty(7)).
    }

    private void WriteMaster()
    {
        nint put;
        fixed (byte* buffer = inward)
            put = DescriptorCalls.Write(masterFd, buffer + inwardStart, inwardEnd - inwardStart);
        if (put > 0)
            inwardStart += (int)put;
        else if (Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
            inwardStart = inwardEnd = 0;
    }

    private void ReadInput()
    {
        nint got;
        fixed (byte* buffer = inward)
            got = DescriptorCalls.Read(input, buffer, BufferSize);
        if (got > 0)
        {
            (inwardStart, inwardEnd) = (0, (int)got);
        }
        else if (got == 0 || Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
        {
            inputOpen = false;
            TypeEndOfFile();
        }
    }

    // The end of a pipe becomes what a person would type: ^D, where the terminal takes it as such.
    private void TypeEndOfFile()
    {
        TerminalCalls.Termios attributes;
        if (TerminalCalls.GetAttributes(masterFd, &attributes) != 0 || (attributes.LocalModes & TerminalCalls.ICANON) == 0)
            return;
        inward[0] = attributes.ControlCharacters[TerminalCalls.VEOF];
        (inwardStart, inwardEnd) = (0, 1);
    }

    private bool WriteOutput()
    {
        nint put;
        fixed (byte* buffer = outward)
            put = DescriptorCalls.Write(output, buffer + outwardStart, outwardEnd - outwardStart);
        if (put > 0)
            outwardStart += (int)put;
        return put > 0 || Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR;
    }
}
