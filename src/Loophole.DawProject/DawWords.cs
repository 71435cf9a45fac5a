namespace Loophole.DawProject;

/// <summary>How the file spells what the model has as enumerations.</summary>
internal static class DawWords
{
    public static readonly EnumWords<DawTimeUnit> TimeUnits = new("beats", "seconds");
    public static readonly EnumWords<DawUnit> Units = new("linear", "normalized", "percent", "decibel", "hertz", "semitones", "seconds", "beats", "bpm");
    public static readonly EnumWords<DawInterpolation> Interpolations = new("hold", "linear");
    public static readonly EnumWords<DawSendType> SendTypes = new("pre", "post");
    public static readonly EnumWords<DawMixerRole> MixerRoles = new("regular", "master", "effect", "submix", "vca");
    public static readonly EnumWords<DawContentType> ContentTypes = new("audio", "automation", "notes", "video", "markers", "tracks");
    public static readonly EnumWords<DawDeviceRole> DeviceRoles = new("instrument", "noteFX", "audioFX", "analyzer");
    public static readonly EnumWords<DawEqualizerBandType> BandTypes = new("highPass", "lowPass", "bandPass", "highShelf", "lowShelf", "bell", "notch");
}
