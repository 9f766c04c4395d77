namespace Podspawn.Oci.TestSupport;

/// <summary>Waits for conditions that have no event.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    internal static async Task Is<T>(T expected, Func<T> actual)
    {
        for (DateTime end = DateTime.UtcNow + Limit; !Equals(expected, actual()) && DateTime.UtcNow < end;)
            await Task.Delay(10);
        Assert.Equal(expected, actual());
    }

    /// <summary>Waits for a condition that takes a command to check.</summary>
    internal static async Task Holds(string what, Func<Task<bool>> condition)
    {
        for (DateTime end = DateTime.UtcNow + Limit; !await condition(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < end, $"waited in vain: {what}");
    }
}
