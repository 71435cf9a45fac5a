using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Rendering;

public static partial class ProcessorSuite
{
    private static void Clamping(ProcessorSubject subject, ProcessorScene scene)
    {
        for (var i = 0; i < scene.Descriptor.Parameters.Length; i++)
        {
            var parameter = scene.Descriptor.Parameters[i];
            if (!parameter.IsFixed)
            {
                var width = parameter.Maximum - parameter.Minimum + 1;
                ExpectSame(subject, scene, i, parameter.Minimum, parameter.Minimum - width);
                ExpectSame(subject, scene, i, parameter.Maximum, parameter.Maximum + width);
            }
        }
    }

    private static void ExpectSame(ProcessorSubject subject, ProcessorScene scene, int parameter, double bound, double beyond)
    {
        float[][] Run(double value)
        {
            var ramps = scene.Constants();
            ramps[parameter] = new ParameterRamp(0, value, 0);
            using var processor = scene.Create();
            var audio = scene.CopyAudio();
            scene.RunConstant(processor, audio, 0, ramps);
            return audio;
        }

        RenderBits.ExpectSame(Run(bound), Run(beyond), $"from parameter '{scene.Descriptor.Parameters[parameter].Name}' at {bound} and at {beyond}");
    }

    private static void Description(ProcessorSubject subject, ProcessorScene scene)
    {
        var names = new HashSet<string>();
        foreach (var parameter in scene.Descriptor.Parameters)
        {
            Expect.True(names.Add(parameter.Name), "every parameter to have a name of its own", $"two are called '{parameter.Name}'");
            Expect.True(parameter.Name.Length > 0 && char.IsAsciiLetterLower(parameter.Name[0]), "names in lower camel case", $"one is '{parameter.Name}'");
            Expect.True(
                double.IsFinite(parameter.Minimum) && double.IsFinite(parameter.Maximum) && parameter.Minimum <= parameter.Default && parameter.Default <= parameter.Maximum,
                $"a finite range around the default of '{parameter.Name}'", $"it is {parameter.Default} in {parameter.Minimum} to {parameter.Maximum}");
        }

        foreach (var rate in (int[])[8_000, 44_100, 48_000, 192_000])
        {
            var latency = subject.Factory.LatencyFrames(subject.Node, rate);
            Expect.True(latency >= 0 && latency == subject.Factory.LatencyFrames(subject.Node, rate), $"one latency of 0 or more at {rate} Hz", $"it is {latency}, or not always");
        }

        var cost = subject.Factory.Cost(subject.Node, subject.Context.AudioChannels);
        Expect.True(double.IsFinite(cost) && cost >= 0, "a finite cost of 0 or more", $"it is {cost}");
        Expect.Null(subject.Factory.Describe(new ProcessorNode { Id = "node:unknown", Processor = "no such processor" }));
    }

    private static void BadSettings(ProcessorSubject subject, ProcessorScene scene)
    {
        Refuses(subject, [new ParameterSetting("noSuchParameter", 1)], "a parameter that does not exist");
        foreach (var parameter in scene.Descriptor.Parameters)
        {
            Refuses(subject, [new ParameterSetting(parameter.Name, double.NaN)], $"'{parameter.Name}' at NaN");
            if (parameter.IsFixed)
            {
                var automated = new ParameterSetting(parameter.Name, parameter.Default) { Automation = [new AutomationPoint(0, parameter.Default, false)] };
                Refuses(subject, [automated], $"'{parameter.Name}' automated although fixed");
            }
        }
    }

    private static void Refuses(ProcessorSubject subject, ParameterSetting[] bad, string what)
    {
        var others = subject.Node.Parameters.Where(p => bad.All(b => b.Name != p.Name));
        var node = subject.Node with { Parameters = [.. others, .. bad] };
        var refusal = Expect.Throws<RenderException>(() => subject.Factory.Create(node, subject.Context).Dispose(), $"Create with {what}");
        Expect.Equal(RenderError.BadParameter, refusal.Error, $"the error for {what}");
        Expect.True(refusal.Message.Contains(node.Id, StringComparison.Ordinal), "a message that names the node", refusal.Message);
    }
}
