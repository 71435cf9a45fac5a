using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>Values of a parameter within its range.</summary>
internal static class ParameterDescriptorExtensions
{
    private const double TrueFrom = 0.5;

    extension(ParameterDescriptor parameter)
    {
        public double Clamp(double value) => Math.Clamp(value, parameter.Minimum, parameter.Maximum);

        /// <summary>The value at a frame.</summary>
        public double At(in ParameterRamp ramp, long frame) => parameter.Clamp(ramp.At(frame));

        /// <summary>Whether a switch (unit <c>bool</c>) is on at a frame: from one half upward.</summary>
        public bool IsOnAt(in ParameterRamp ramp, long frame) => parameter.At(ramp, frame) >= TrueFrom;

        /// <summary>The value in force at a frame of a parameter that is followed on the <see cref="ControlGrid"/>.</summary>
        public double AtStep(in ParameterRamp ramp, long frame) => parameter.At(ramp, ControlGrid.SampledFrame(ramp, frame));

        /// <summary>Whether a switch that is followed on the <see cref="ControlGrid"/> is on at a frame.</summary>
        public bool IsOnAtStep(in ParameterRamp ramp, long frame) => parameter.AtStep(ramp, frame) >= TrueFrom;

        /// <summary>The values of a stretch of frames.</summary>
        public void Fill(in ParameterRamp ramp, long frame, Span<double> values)
        {
            if (ramp.IsConstant)
            {
                values.Fill(parameter.Clamp(ramp.OriginValue));
                return;
            }

            for (var i = 0; i < values.Length; i++)
            {
                values[i] = parameter.At(ramp, frame + i);
            }
        }
    }
}
