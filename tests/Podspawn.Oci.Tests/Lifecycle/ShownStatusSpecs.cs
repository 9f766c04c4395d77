using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>What a user is told of a container's state, at each moment of its life.</summary>
public sealed class ShownStatusSpecs
{
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 8, 30, 0, TimeSpan.Zero);

    // A monitor that is alive.
    private static readonly ProcessIdentity Alive = ProcessIdentity.Of(Environment.ProcessId);
    private static readonly ProcessIdentity Dead = new(Environment.ProcessId, 1);

    [Fact]
    public void Between_two_runs_of_a_policy_it_is_restarting()
    {
        var ended = new ContainerState { Status = ContainerStatus.Exited, Started = Then, Finished = Then, ExitStatus = 1, Monitor = Alive };
        Assert.Equal("restarting", Word(ended, RestartCondition.Always));
        Assert.Equal("restarting", Word(ended with { Status = ContainerStatus.Restarting, Restarts = 1 }, RestartCondition.Always));
        Assert.Equal("restarting", Word(ended with { Status = ContainerStatus.Starting, Restarts = 1 }, RestartCondition.Always));
        Assert.True(Of(ended, RestartCondition.Always).IsUp);
    }

    [Fact]
    public void While_somebody_waits_for_its_end_it_is_stopping()
    {
        var running = new ContainerState { Status = ContainerStatus.Running, StopRequested = true, Monitor = Alive };
        Assert.Equal("running", Word(running, RestartCondition.No));
        Assert.Equal("stopping", Word(running with { Stopper = Alive }, RestartCondition.No));
        Assert.Equal("running", Word(running with { Stopper = Dead }, RestartCondition.No));
        Assert.Equal("paused", Word(running with { Status = ContainerStatus.Paused, Stopper = Alive }, RestartCondition.No));
        Assert.Equal("exited", Word(running with { Status = ContainerStatus.Exited, Stopper = Alive }, RestartCondition.No));
        Assert.True(Of(running with { Stopper = Alive }, RestartCondition.No).IsUp);
    }

    [Fact]
    public void What_nobody_starts_again_has_exited()
    {
        var ended = new ContainerState { Status = ContainerStatus.Exited, Started = Then, Finished = Then, ExitStatus = 0, Monitor = Alive };
        Assert.Equal("exited", Word(ended, RestartCondition.No));
        Assert.Equal("exited", Word(ended, RestartCondition.OnFailure));
        Assert.Equal("exited", Word(ended with { StopRequested = true }, RestartCondition.Always));
        Assert.Equal("exited", Word(ended with { Monitor = Dead }, RestartCondition.Always));
        Assert.Equal("exited", Word(ended with { Monitor = null }, RestartCondition.Always));
        Assert.False(Of(ended, RestartCondition.No).IsUp);
    }

    [Fact]
    public void What_a_user_starts_is_what_it_was_until_it_runs()
    {
        Assert.Equal("created", Word(new ContainerState { Status = ContainerStatus.Starting }, RestartCondition.Always));
        Assert.Equal("exited", Word(new ContainerState { Status = ContainerStatus.Starting, Started = Then, Finished = Then, ExitStatus = 0 }, RestartCondition.Always));
        Assert.Equal("running", Word(new ContainerState { Status = ContainerStatus.Running, Restarts = 3 }, RestartCondition.Always));
    }

    [Theory]
    [InlineData("running", ContainerStatus.Running, true)]
    [InlineData("Stopped", ContainerStatus.Exited, true)]
    [InlineData("configured", ContainerStatus.Created, true)]
    [InlineData("not-running", ContainerStatus.Exited, true)]
    [InlineData("running", ContainerStatus.Exited, false)]
    [InlineData("removed", ContainerStatus.Exited, false)]
    public void A_condition_is_one_of_the_states_by_any_of_its_words(string word, ContainerStatus status, bool holds) =>
        Assert.Equal(holds, WaitCondition.Parse([word], "--condition").Holds(Of(new ContainerState { Status = status }, RestartCondition.No)));

    [Fact]
    public void A_condition_that_is_no_state_is_refused() =>
        Assert.Contains("did you mean running?", Assert.Throws<ContainerException>(() => WaitCondition.Parse(["runing"], "--condition")).Message, StringComparison.Ordinal);

    private static string Word(ContainerState state, RestartCondition restart) => StatusWords.Of(Of(state, restart));

    private static Container Of(ContainerState state, RestartCondition restart) => new(
        new ContainerPaths("c", "/nowhere", "/nowhere"),
        new ContainerDefinition
        {
            Id = new string('a', 64), Name = "web", Created = Then, RootDirectory = "/srv", Command = ["true"], HostName = "web",
            Runtime = new RuntimeProgram("/usr/bin/runc", "runc", "1.1.5", []),
            Lifecycle = new LifecycleOptions { Restart = new RestartPolicy(restart) },
        },
        state);
}
