namespace Loophole.DawProject.Tests.Shapes;

/// <summary>A project in the shape that Bitwig Studio publicly exports: clips of audio events, each warped from seconds onto beats.</summary>
internal static class BitwigShape
{
    public const string Project = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Project version="1.0">
          <Application name="Bitwig Studio" version="5.2"/>
          <Transport>
            <Tempo max="666.000000" min="20.000000" unit="bpm" value="120.000000" id="id0" name="Tempo"/>
            <TimeSignature denominator="4" numerator="4" id="id1"/>
          </Transport>
          <Structure>
            <Track contentType="tracks" loaded="true" id="g" name="Group">
              <Channel audioChannels="2" destination="id15" role="submix" solo="false" id="gc">
                <Mute value="false" id="gm" name="Mute"/>
                <Pan max="1.000000" min="0.000000" unit="normalized" value="0.500000" id="gp" name="Pan"/>
                <Volume max="2.000000" min="0.000000" unit="linear" value="0.500000" id="gv" name="Volume"/>
              </Channel>
              <Track contentType="audio" loaded="true" id="id9" name="Drumloop" color="#b53bba">
                <Channel audioChannels="2" destination="gc" role="regular" solo="false" id="id10">
                  <Mute value="false" id="id13" name="Mute"/>
                  <Pan max="1.000000" min="0.000000" unit="normalized" value="0.750000" id="id12" name="Pan"/>
                  <Sends>
                    <Send destination="fxc" type="post" id="s1">
                      <Volume max="1.000000" min="0.000000" unit="linear" value="0.250000" id="sv" name="Send"/>
                    </Send>
                  </Sends>
                  <Volume max="2.000000" min="0.000000" unit="linear" value="0.659140" id="id11" name="Volume"/>
                </Channel>
              </Track>
            </Track>
            <Track contentType="notes" loaded="true" id="id2" name="Bass">
              <Channel audioChannels="2" destination="id15" role="regular" solo="false" id="id3">
                <Devices>
                  <ClapPlugin deviceID="org.example.synth" deviceName="Synth" deviceRole="instrument" loaded="true" id="id7" name="My Synth">
                    <Parameters>
                      <RealParameter max="1.000000" min="0.000000" parameterID="17" unit="normalized" value="0.250000" id="pp" name="Cutoff"/>
                    </Parameters>
                    <Enabled value="true" id="id8" name="On/Off"/>
                    <State path="plugins/synth.clap-preset"/>
                  </ClapPlugin>
                </Devices>
                <Volume max="2.000000" min="0.000000" unit="linear" value="1.000000" id="id4" name="Volume"/>
              </Channel>
            </Track>
            <Track contentType="audio" loaded="true" id="fx" name="Reverb">
              <Channel audioChannels="2" destination="id15" role="effect" solo="false" id="fxc"/>
            </Track>
            <Track contentType="audio notes" loaded="true" id="id14" name="Master">
              <Channel audioChannels="2" role="master" solo="false" id="id15">
                <Volume max="2.000000" min="0.000000" unit="linear" value="1.000000" id="id16" name="Volume"/>
              </Channel>
            </Track>
          </Structure>
          <Arrangement id="id19">
            <Lanes timeUnit="beats" id="id20">
              <Lanes track="id2" id="id21">
                <Clips id="id22">
                  <Clip time="4.0" duration="8.0" playStart="0.0" loopStart="0.0" loopEnd="4.0">
                    <Notes id="id23">
                      <Note time="0.000000" duration="1.000000" channel="0" key="65" vel="0.787402" rel="0.787402"/>
                      <Note time="3.500000" duration="2.000000" channel="0" key="53" vel="0.5" rel="0.5"/>
                    </Notes>
                  </Clip>
                </Clips>
                <Points unit="normalized" id="id31">
                  <Target parameter="pp"/>
                  <RealPoint time="0.000000" value="0.250000" interpolation="linear"/>
                  <RealPoint time="2.000000" value="1.000000"/>
                </Points>
              </Lanes>
              <Lanes track="id9" id="id24">
                <Clips id="id25">
                  <Clip time="2.0" duration="12.0" playStart="1.0" loopStart="0.0" loopEnd="8.0" fadeTimeUnit="beats" fadeInTime="0.5" fadeOutTime="1.0" name="Drumfunk">
                    <Clips id="id26">
                      <Clip time="0.0" duration="8.0" contentTimeUnit="beats" playStart="0.0" fadeTimeUnit="beats" fadeInTime="0.0" fadeOutTime="0.0">
                        <Warps contentTimeUnit="seconds" timeUnit="beats" id="id28">
                          <Audio algorithm="stretch" channels="2" duration="3.0" sampleRate="48000" id="id27">
                            <File path="audio/Drumfunk 170bpm.wav"/>
                          </Audio>
                          <Warp time="0.0" contentTime="0.0"/>
                          <Warp time="4.0" contentTime="1.0"/>
                          <Warp time="8.0" contentTime="3.0"/>
                        </Warps>
                      </Clip>
                    </Clips>
                  </Clip>
                </Clips>
              </Lanes>
            </Lanes>
          </Arrangement>
          <Scenes/>
        </Project>
        """;
}
