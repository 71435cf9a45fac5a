using System.Text;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Timeline;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Messages;

public sealed class PayloadTests
{
    private static readonly SessionFormat Format = new(48_000, 256, 1L << 50, 1024, 512);
    private static readonly SubgraphRoute Route = new("s", Guid.NewGuid(), 3, 512, [new StreamRoute(1, 2, 3)], [new StreamRoute(4, 5, 6)]);

    public static TheoryData<object> Messages()
    {
        var media = MediaId.FromDigest([.. Enumerable.Range(0, 32).Select(b => (byte)b)]);
        var plan = new SubgraphPlan
        {
            Id = "s",
            SampleRate = 48_000,
            BlockFrames = 256,
            Inputs = [new PlanSignal(1, 2)],
            Outputs = [new PlanSignal(4, 5)],
            Steps =
            [
                new SumStep { Id = "sum", Inputs = [new SumInput(1, 44)], Output = new PlanSignal(2, 2) },
                new ChannelStep
                {
                    Id = "channel",
                    ChannelId = "c",
                    InputSignalId = 2,
                    Output = new PlanSignal(4, 5),
                    Nodes =
                    [
                        new PlanNode(new ProcessorNode { Id = "p", Processor = "fader", Parameters = [new ParameterSetting("volume", 0.1) { Automation = [new AutomationPoint(1, 2, true)] }] }, 7),
                        new PlanNode(new SendNode { Id = "s", TargetChannelId = "d" }, 7, new PlanSignal(9, 2)),
                        new PlanNode(new LaneStreamNode { Id = "l", IsTake = true, Regions = [new ClipRegion { StartFrame = 0, EndFrame = 9, Media = media, SourceStartFrame = -0.5, SourceStep = 1.1 }] }, 7),
                    ],
                },
            ],
        };
        return
        [
            new IntroduceCommand("n", true),
            new IntroduceAnswer("n", true, false),
            PairNonce.Of(new byte[32]),
            PairProof.Of(new byte[32]),
            new HelloCommand(1, "pulse", null),
            new NodeDescription { Id = new NodeId(Guid.NewGuid()), Name = "n", Role = NodeRole.Host, EndPoints = [new Uri("tcp://a:1"), new Uri("quic://a:2")], ProcessId = 1, Cores = 2, Workers = 3, MemoryBytes = 1L << 40, Version = "1" },
            new NodeDescription { Id = new NodeId(Guid.NewGuid()), Name = "n", Role = NodeRole.Satellite, EndPoints = [new Uri("tcp://a:1")], ProcessId = 1, Cores = 2, Workers = 3, MemoryBytes = 1, Version = "1", Plugins = [new("vst3", "Verb", "2.1.0"), new("clap", "größe", "")] },
            new MediaQuery([media]),
            new ExpectHostCommand("t", NodeFingerprint.Of([1]), 10_000),
            new DeployCommand(Format, plan, Route, true),
            new DeployLiveCommand(Format, plan, 7, 64),
            new WithdrawCommand(),
            new EventsCommand([new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 9, IsPlaying = true }, new ParameterEvent { Frame = 1, Sequence = 1, NodeId = "n", Parameter = "p", Value = null }], 77),
            new TelemetryReport([new SubgraphTelemetry("s", 1, 2, 3.5, true)], [1, 2, 3], 0.5, 7.5, 1L << 29, 1L << 30),
            new LinksReport(Format, true, [new LinkCounts(Guid.NewGuid(), "s", 1, 2, 3, 4, 5, 6, 7, 8, -9, null, 10), new LinkCounts(Guid.NewGuid(), "t", 1, 2, 3, 4, 5, 6, 7, 8, 9, -10, 11)]),
            new SubgraphFailed("s", 1, "why"),
            new ConnectNodeCommand(Guid.NewGuid(), "n", [new Uri("tcp://a:1")], "t", NodeFingerprint.Of([1])),
            new NodeConnected(new Uri("tcp://a:1")),
            new StartCommand(Format, [Route], 4, 5, 6, "/out"),
            new PlayCommand(new StartCommand(Format, [Route], 4, 5, 6, ""), 32, "live", [new InputRoute(3, 2, [0, 1], "/take")], [new NoteRoute(null, "/notes"), new NoteRoute(3, "/notes3")], [new PlanReturn(new PlanSignal(8, 2), 4, 384)], "null:", 64),
            new DropNodeCommand(Guid.NewGuid(), "why"),
            new CheckpointList([new CheckpointPosition("s", 512)]),
            new MoveCommand([Route]),
            new CutCommand(["s"], 640, 320),
            new ReleaseCommand(["s"]),
            new CutMade(640, [new CheckpointPosition("s", 512)]),
            new ReviseCommand(640, [new TransportEvent { Frame = 640, Sequence = 0, ProjectFrame = 9, IsPlaying = false, ResetsState = true }], 777, [Route], new OpenGestures([new GestureStream(3, "n", "p", IsRelative: true)], ["s"], 700, 8)),
            new RenderingProgress(1),
            new RenderingFinished(1, "hash"),
            new RenderingFailed("why"),
            new NodeFailed(Guid.NewGuid(), "why"),
            Empty.Instance,
        ];
    }

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Every_message_comes_back_as_it_went(object message)
    {
        var (write, read) = Methods(message.GetType());
        var there = write(message);
        var back = read(Envelop(there));
        Assert.Equal(there.GetRawText(), write(back).GetRawText());
    }

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Whatever_a_payload_is_only_a_refusal_comes_out_and_no_list_is_missing(object message)
    {
        const int Seed = 31;
        var random = new Random(Seed);
        var (write, read) = Methods(message.GetType());
        var text = write(message).GetRawText();
        string[] pieces = ["null", "[]", "{}", "0", "-1", "1e999", "9999999999999999999", "\"\"", "[null]", "true"];
        for (var round = 0; round < 500; round++)
        {
            var mutant = Mutate();
            JsonElement payload;
            try
            {
                payload = JsonDocument.Parse(mutant).RootElement;
            }
            catch (JsonException)
            {
                continue;
            }

            try
            {
                // What could be read can be written: nothing in it is missing.
                write(read(Envelop(payload)));
            }
            catch (ControlException refused)
            {
                Assert.Equal("badPayload", refused.Code);
            }
            catch (Exception other)
            {
                Assert.Fail($"seed {Seed}, round {round}: {other.GetType().Name} {other.Message} from {mutant}");
            }
        }

        string Mutate()
        {
            // Replaces a value, or drops or renames a member.
            var colons = Enumerable.Range(0, text.Length).Where(at => text[at] == ':' && at > 0 && text[at - 1] == '"').ToArray();
            if (colons.Length == 0)
            {
                return pieces[random.Next(pieces.Length)];
            }

            var colon = colons[random.Next(colons.Length)];
            var end = ValueEnd(text, colon + 1);
            var start = text.LastIndexOf('"', colon - 2);
            return random.Next(3) switch
            {
                0 => string.Concat(text.AsSpan(0, colon + 1), pieces[random.Next(pieces.Length)], text.AsSpan(end)),
                1 => string.Concat(text.AsSpan(0, start), "\"nothing\":0", text.AsSpan(end)),
                _ => string.Concat(text.AsSpan(0, start), "\"other\"", text.AsSpan(colon)),
            };
        }
    }

    private static int ValueEnd(string text, int start)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text[start..]), isFinalBlock: false, default);
        reader.Read();
        Assert.True(reader.TrySkip());
        return start + (int)reader.BytesConsumed;
    }

    private static Envelope Envelop(JsonElement payload) => new()
    {
        Id = "1",
        Timestamp = default,
        Origin = Party.Pulse,
        Target = Party.Signal,
        Domain = "cluster",
        Kind = EnvelopeKind.Command,
        Name = "test",
        Payload = payload,
    };

    private static (Func<object, JsonElement> Write, Func<Envelope, object> Read) Methods(Type type)
    {
        var write = typeof(ClusterJson).GetMethod(nameof(ClusterJson.ToElement))!.MakeGenericMethod(type);
        var read = typeof(Payload).GetMethod(nameof(Payload.Read))!.MakeGenericMethod(type);
        const System.Reflection.BindingFlags Plain = System.Reflection.BindingFlags.DoNotWrapExceptions;
        return (value => (JsonElement)write.Invoke(null, Plain, null, [value], null)!, envelope => read.Invoke(null, Plain, null, [envelope], null)!);
    }
}
