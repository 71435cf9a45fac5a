namespace Loophole.DawProject;

/// <summary>A device of the program that wrote the file. Ours have a <see cref="DawDevice.DeviceId"/> that begins with <c>loophole.</c></summary>
public record DawBuiltinDevice : DawDevice
{
    internal override string ElementName => "BuiltinDevice";
}
