namespace Loophole.DawProject.Tests.Shapes;

/// <summary>A project in the shape that Studio One publicly exports: lanes per track, plain clips in seconds, notes inside a further Lanes, buses as bare channels, no identifiers that nothing refers to.</summary>
internal static class StudioOneShape
{
    public const string Project = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Project version="1.0">
          <Application name="Studio One" version="6.5.0.96106"/>
          <Transport>
            <Tempo id="tempo" value="100" unit="bpm" min="20" max="999"/>
            <TimeSignature numerator="3" denominator="4"/>
          </Transport>
          <Structure>
            <Track id="T1" name="Vocal" color="#ff0000" contentType="audio" loaded="true">
              <Channel id="C1" audioChannels="1" destination="Bus1" role="regular">
                <Mute id="M1" value="false"/>
                <Pan id="P1" value="0.25" unit="normalized" min="0" max="1"/>
                <Sends>
                  <Send type="pre" destination="FX1">
                    <Volume id="SV1" value="-6" unit="decibel" min="-inf" max="10"/>
                  </Send>
                </Sends>
                <Volume id="V1" value="-6" unit="decibel" min="-inf" max="10"/>
              </Channel>
            </Track>
            <Track id="T2" name="Keys" contentType="notes">
              <Channel id="C2" audioChannels="2" destination="Main" role="regular">
                <Devices>
                  <Vst3Plugin deviceID="56535443-6E31-4B34-8B65-797363617065" deviceName="Keyscape" deviceRole="instrument" loaded="true" name="Keyscape">
                    <State path="plugins/keyscape.vstpreset"/>
                  </Vst3Plugin>
                </Devices>
                <Volume value="1" unit="linear"/>
              </Channel>
            </Track>
            <Channel id="Bus1" name="Vocals" audioChannels="2" destination="Main" role="submix"><Volume value="0" unit="decibel"/></Channel>
            <Channel id="FX1" name="Plate" audioChannels="2" destination="Main" role="effect"/>
            <Channel id="Main" name="Main" audioChannels="2" role="master"><Volume value="1" unit="linear"/></Channel>
          </Structure>
          <Arrangement>
            <Lanes timeUnit="seconds">
              <Lanes track="T1">
                <Clips>
                  <Clip time="1.5" duration="2" playStart="0.25" fadeTimeUnit="seconds" fadeInTime="0.01" fadeOutTime="0.1" name="Take 1">
                    <Audio duration="4" sampleRate="44100" channels="1"><File path="audio/take 1.wav"/></Audio>
                  </Clip>
                  <Clip time="3.5" duration="1" contentTimeUnit="seconds" playStart="0" name="Elsewhere">
                    <Audio duration="4" sampleRate="48000" channels="1"><File path="takes/other.wav" external="true"/></Audio>
                  </Clip>
                </Clips>
                <Points unit="decibel"><Target parameter="V1"/><RealPoint time="0" value="-inf"/><RealPoint time="1" value="0"/></Points>
              </Lanes>
              <Lanes track="T2" timeUnit="beats">
                <Clips>
                  <Clip time="3" duration="3" name="Keys">
                    <Lanes>
                      <Notes><Note time="0" duration="1.5" channel="0" key="60" vel="0.8"/></Notes>
                    </Lanes>
                  </Clip>
                </Clips>
              </Lanes>
            </Lanes>
          </Arrangement>
        </Project>
        """;
}
