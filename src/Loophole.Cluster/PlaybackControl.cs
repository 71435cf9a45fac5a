using System.Collections.Immutable;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster;

/// <summary>The transport of a performance (<see cref="RenderCoordinator.Playback"/>): what a user does while it plays.</summary>
/// <remarks>
/// <para><b>When.</b> Everything is rendered ahead, so a change takes effect a little later than it is asked for: at the first render frame that is
/// <see cref="PlayRequest.ReactionFrames"/> ahead of what is heard. What was rendered from there on is taken back and rendered anew. Each
/// method tells the frame: the recording's, and the event log's. A change that is asked for ahead (<c>notBefore</c>) is not late by anything.</para>
/// <para><b>Order.</b> Changes are carried out one after the other, in the order in which they were asked for; those asked for ahead, when their frame comes near. Parameters
/// that are set while others wait to be, for the same frame, are set in one go: thousands cost little more than one.</para>
/// <para><b>Threads.</b> Every member may be called by any thread, also before playing begins: it is done once it plays.</para>
/// <para><b>Errors</b> common to all: <see cref="InvalidOperationException"/> when nothing is played any more, or a file is rendered; <see cref="ClusterException"/> when playing
/// fails over it; <see cref="ArgumentOutOfRangeException"/> for a negative frame or one beyond 2^50.</para>
/// </remarks>
public sealed class PlaybackControl
{
    private readonly RenderHappenings _happenings;

    internal PlaybackControl(RenderHappenings happenings) => _happenings = happenings;

    /// <summary>Lets project time run from where it is. Nothing changes when it does. [any]</summary>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <returns>The render frame from which on it runs.</returns>
    public Task<long> RunAsync(long notBefore = 0) => AskAsync(new PlayChange.Run(), notBefore);

    /// <summary>Lets project time stand still: clips are silent, automation holds, and what sounds dies away. [any]</summary>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <returns>The render frame from which on it stands.</returns>
    public Task<long> PauseAsync(long notBefore = 0) => AskAsync(new PlayChange.Pause(), notBefore);

    /// <summary>Lets project time stand still at the frame at which playing once started (<see cref="PlayRequest.StartFrame"/>), and cuts off what sounds. [any]</summary>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <returns>The render frame from which on it stands.</returns>
    public Task<long> StopAsync(long notBefore = 0) => AskAsync(new PlayChange.Stop(), notBefore);

    /// <summary>Goes to another place of the project, running or not as before; cuts off what sounds. Beyond the end of the project it is silent. [any]</summary>
    /// <param name="projectFrame">The place, 0 or more.</param>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <returns>The render frame at which the place is heard.</returns>
    public Task<long> LocateAsync(long projectFrame, long notBefore = 0)
    {
        CheckFrame(projectFrame, nameof(projectFrame));
        return AskAsync(new PlayChange.Locate(projectFrame), notBefore);
    }

    /// <summary>Repeats something else from now on, or nothing. Playing beyond the end of the loop goes on as if there were none. [any]</summary>
    /// <param name="loop">What is repeated, or <see langword="null"/>.</param>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <returns>The render frame from which on the loop counts.</returns>
    /// <exception cref="ArgumentException">The loop is none; the message says why.</exception>
    public Task<long> RepeatAsync(LoopRegion? loop, long notBefore = 0) =>
        loop?.FindFault() is { } fault ? throw new ArgumentException(fault, nameof(loop)) : AskAsync(new PlayChange.Repeat(loop), notBefore);

    /// <summary>Takes a parameter over from its automation and moves it to a value, or gives it back. Only what hears the node is rendered anew. [any]</summary>
    /// <param name="nodeId">The node (<c>GraphNode.Id</c>).</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">The value to reach; <see langword="null"/> gives the parameter back.</param>
    /// <param name="rampFrames">Frames of the straight line to the value; 0 jumps.</param>
    /// <param name="notBefore">The earliest render frame that is of use.</param>
    /// <param name="isRelative">Whether the value is what its automation is raised by, or lowered.</param>
    /// <returns>The render frame from which on it moves.</returns>
    /// <exception cref="GraphException">There is no such node, or it has no such parameter that can move to such a value.</exception>
    public Task<long> SetParameterAsync(string nodeId, string parameter, double? value, long rampFrames = 0, long notBefore = 0, bool isRelative = false)
    {
        ArgumentNullException.ThrowIfNull(nodeId);
        ArgumentNullException.ThrowIfNull(parameter);
        CheckFrame(rampFrames, nameof(rampFrames));
        return AskAsync(new PlayChange.SetParameter(nodeId, parameter, value, isRelative, rampFrames), notBefore);
    }

    /// <summary>Lets a Channel be live, as <c>Channel.IsLive</c> does, or not any more, while it plays: it and all that hears it are rendered in the audio callback from some frame on, or ahead.
    /// That changes no sample. It waits until no hand is on anything; what is asked for while it is done is done afterwards. [any]</summary>
    /// <param name="channelId">The Channel (<c>Channel.Id</c>).</param>
    /// <param name="isLive">Whether it is to be live. What hears the device, or something that is live, is live all the same.</param>
    /// <returns>The render frame from which on it is; of what is so already, one that was heard.</returns>
    /// <exception cref="GraphException">There is no such Channel, or inserts with a budget would change with it.</exception>
    public Task<long> SetLiveAsync(string channelId, bool isLive)
    {
        ArgumentNullException.ThrowIfNull(channelId);
        var asked = new Happening.LiveAsked(channelId, isLive);
        _happenings.Ask(asked);
        return asked.Done.Task;
    }

    /// <summary>Lets more or less leave the host from now on, or, with <see cref="DistributionPolicy.Off"/>, nothing any more. That changes no sample and takes nothing back that is rendered: whoever takes something over goes on
    /// from its newest checkpoint, and is not heard if the lead suffices for that. It waits until no hand is on anything. What is live, and inserts, stay where they are.
    /// A change that is asked for right afterwards may take effect later than others, by as much as is rendered ahead: who has taken something over does not render again what was made before. [any]</summary>
    /// <param name="policy">How much leaves the host.</param>
    /// <returns>The render frame that was heard last when everything had its new place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public Task<long> DistributeAsync(DistributionPolicy policy) => DistributeAsync(policy, null);

    /// <summary>The same, and lets Channels run elsewhere, or nodes be given nothing. [any]</summary>
    /// <param name="policy">How much leaves the host.</param>
    /// <param name="wishes">Where the user wants what from now on; <see langword="null"/> for as before.</param>
    /// <returns>The render frame that was heard last when everything had its new place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public Task<long> DistributeAsync(DistributionPolicy policy, PlacementWishes? wishes)
    {
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "There is no such policy.");
        }

        var asked = new Happening.PlacementAsked(policy, wishes);
        _happenings.Ask(asked);
        return asked.Done.Task;
    }

    /// <summary>Lays a hand on some parameters: they follow it from now on, in the place of their automation or away from it. [any]</summary>
    /// <param name="targets">What it moves: one or more, no parameter twice.</param>
    /// <returns>The session, once what hears the parameters is rendered so near to what is heard that it can follow.</returns>
    /// <exception cref="ArgumentException">A target is none; the message says why.</exception>
    /// <exception cref="GraphException">There is no such node, it has no such parameter that can move, or another hand is on it.</exception>
    public async Task<GestureSession> OpenGestureAsync(params ImmutableArray<GestureTarget> targets)
    {
        var fault = targets.IsDefaultOrEmpty ? "a gesture moves something"
            : targets.Select(target => target.FindFault()).FirstOrDefault(found => found is not null)
            ?? (targets.DistinctBy(target => (target.NodeId, target.Parameter)).Count() < targets.Length ? "a parameter is moved twice" : null);
        if (fault is not null)
        {
            throw new ArgumentException($"This is no gesture: {fault}.", nameof(targets));
        }

        var opened = new Happening.GestureOpened(new GestureSession(_happenings, targets));
        _happenings.Ask(opened);
        await opened.Done.Task.ConfigureAwait(false);
        return opened.Session;
    }

    private static void CheckFrame(long frame, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, PlayRequest.LongestFrames, name);
    }

    private Task<long> AskAsync(PlayChange change, long notBefore)
    {
        CheckFrame(notBefore, nameof(notBefore));
        var asked = new Happening.ChangeAsked(change, notBefore);
        _happenings.Ask(asked);
        return asked.Done.Task;
    }
}
