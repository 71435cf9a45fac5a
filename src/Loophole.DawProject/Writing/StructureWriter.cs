using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Writes tracks, channels and sends.</summary>
internal static class StructureWriter
{
    public static XElement Write(DawLane lane) => lane is DawTrack track ? WriteTrack(track) : WriteChannel((DawChannel)lane);

    private static XElement WriteTrack(DawTrack track) => new ElementBuilder("Track")
        .Text("contentType", track.ContentTypes.IsEmpty ? null : string.Join(' ', track.ContentTypes.Select(type => DawWords.ContentTypes[type])))
        .Switch("loaded", track.Loaded)
        .Named(track)
        .Add(track.Channel is { } channel ? WriteChannel(channel) : null)
        .Add(track.Tracks.Select(WriteTrack))
        .Finish(track);

    private static XElement WriteChannel(DawChannel channel) => new ElementBuilder("Channel")
        .Integer("audioChannels", channel.AudioChannels)
        .Text("destination", channel.Destination)
        .Word("role", DawWords.MixerRoles, channel.Role)
        .Switch("solo", channel.Solo)
        .Named(channel)
        .Group("Devices", [.. channel.Devices.Select(DeviceWriter.Write)])
        .Add(ParameterWriter.WriteOptional(channel.Mute, "Mute"))
        .Add(ParameterWriter.WriteOptional(channel.Pan, "Pan"))
        .Group("Sends", [.. channel.Sends.Select(WriteSend)])
        .Add(ParameterWriter.WriteOptional(channel.Volume, "Volume"))
        .Finish(channel);

    private static XElement WriteSend(DawSend send) => new ElementBuilder("Send")
        .Text("destination", send.Destination)
        .Word("type", DawWords.SendTypes, send.Type)
        .Named(send)
        .Add(ParameterWriter.WriteOptional(send.Enable, "Enable"))
        .Add(ParameterWriter.WriteOptional(send.Pan, "Pan"))
        .Add(ParameterWriter.Write(send.Volume, "Volume"))
        .Finish(send);
}
