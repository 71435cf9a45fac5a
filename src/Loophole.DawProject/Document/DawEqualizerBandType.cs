namespace Loophole.DawProject;

/// <summary>The shape of an equaliser band. The numbers are those of the processor's parameter <c>band{n}.type</c>.</summary>
public enum DawEqualizerBandType
{
    /// <summary>Lets high frequencies pass.</summary>
    HighPass = 0,

    /// <summary>Lets low frequencies pass.</summary>
    LowPass = 1,

    /// <summary>Lets a band pass.</summary>
    BandPass = 2,

    /// <summary>Raises or lowers all above.</summary>
    HighShelf = 3,

    /// <summary>Raises or lowers all below.</summary>
    LowShelf = 4,

    /// <summary>Raises or lowers a band.</summary>
    Bell = 5,

    /// <summary>Takes a band out.</summary>
    Notch = 6,
}
