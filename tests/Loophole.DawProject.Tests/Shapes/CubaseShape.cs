namespace Loophole.DawProject.Tests.Shapes;

/// <summary>A project in the shape that Cubase publicly exports: a tempo track in seconds, audio events inside event timelines in seconds, files outside the archive possible, targets left out by some versions.</summary>
internal static class CubaseShape
{
    public const string Project = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Project version="1.0">
          <Application name="Cubase" version="14.0.5"/>
          <Transport>
            <Tempo unit="bpm" value="120" id="ID1"/>
            <TimeSignature numerator="4" denominator="4" id="ID2"/>
          </Transport>
          <Structure>
            <Track contentType="tracks audio" loaded="true" id="ID10" name="Guitars">
              <Channel audioChannels="2" destination="ID31" role="submix" id="ID11"/>
              <Track contentType="audio" loaded="true" id="ID20" name="Gtr L">
                <Channel audioChannels="2" destination="ID11" role="regular" solo="false" id="ID21">
                  <Devices>
                    <Equalizer deviceName="StudioEQ" deviceRole="audioFX" id="ID22">
                      <Enabled value="true" id="ID23"/>
                      <Band type="highPass" order="0"><Freq unit="hertz" value="80" id="ID24"/><Q unit="linear" value="0.7"/></Band>
                      <Band type="bell" order="1"><Freq unit="semitones" value="81" id="ID25"/><Gain unit="decibel" value="-3"/><Enabled value="false"/></Band>
                    </Equalizer>
                  </Devices>
                  <Mute value="false" id="ID26"/>
                  <Pan unit="linear" min="-1" max="1" value="-0.5" id="ID27"/>
                  <Volume unit="linear" min="0" max="1.99526" value="0.5" id="ID28"/>
                </Channel>
              </Track>
            </Track>
            <Track contentType="audio" loaded="true" id="ID30" name="Stereo Out">
              <Channel audioChannels="2" role="master" id="ID31"/>
            </Track>
          </Structure>
          <Arrangement>
            <Lanes timeUnit="seconds">
              <Lanes track="ID20">
                <Clips timeUnit="seconds">
                  <Clip name="Riff" time="1" duration="3" contentTimeUnit="seconds" playStart="0.5" playStop="3.5" fadeTimeUnit="seconds" fadeInTime="0" fadeOutTime="0" enable="true">
                    <Clips timeUnit="seconds">
                      <Clip time="0" duration="8" contentTimeUnit="seconds" playStart="0">
                        <Audio timeUnit="seconds" duration="8" sampleRate="48000" channels="2"><File path="audio/riff.wav" external="false"/></Audio>
                      </Clip>
                    </Clips>
                  </Clip>
                </Clips>
              </Lanes>
            </Lanes>
            <TempoAutomation timeUnit="seconds" unit="bpm">
              <Target parameter="ID1"/>
              <RealPoint time="0" value="120" interpolation="linear"/>
              <RealPoint time="4" value="60" interpolation="hold"/>
            </TempoAutomation>
            <TimeSignatureAutomation timeUnit="beats">
              <Target parameter="ID2"/>
              <TimeSignaturePoint time="8" numerator="3" denominator="4"/>
            </TimeSignatureAutomation>
          </Arrangement>
        </Project>
        """;
}
