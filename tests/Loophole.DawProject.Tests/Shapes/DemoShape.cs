namespace Loophole.DawProject.Tests.Shapes;

/// <summary>Everything else the model knows, once.</summary>
internal static class DemoShape
{
    public const string Project = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Project version="1.0">
          <Application name="Loophole" version="0.1"/>
          <Transport><Tempo id="tempo" unit="bpm" value="120"/><TimeSignature id="ts" numerator="4" denominator="4"/></Transport>
          <Structure>
            <Track id="t" name="Track" color="#112233" comment="text" contentType="audio notes" loaded="true">
              <Channel id="c" name="Strip" audioChannels="2" destination="m" role="regular" solo="true">
                <Devices>
                  <Device deviceID="x" deviceName="Amp" deviceRole="audioFX" deviceVendor="V" loaded="true" id="d0"/>
                  <AuPlugin deviceName="Au" deviceRole="audioFX" pluginVersion="1.2"><Parameters><IntegerParameter id="ip" min="0" max="9" value="3" parameterID="4"/><EnumParameter id="ep" count="2" labels="on off" value="1"/><BoolParameter id="bp" value="true"/><TimeSignatureParameter numerator="3" denominator="8"/></Parameters></AuPlugin>
                  <BuiltinDevice deviceID="loophole.reverb" deviceName="Reverb" deviceRole="audioFX"><Parameters><RealParameter id="rp" name="mix" unit="linear" min="0" max="1" value="0.25"/></Parameters><Enabled value="true"/></BuiltinDevice>
                  <Compressor deviceName="C" deviceRole="audioFX"><Attack unit="seconds" value="0.01"/><AutoMakeup value="false"/><InputGain unit="decibel" value="0"/><OutputGain unit="decibel" value="1"/><Ratio unit="percent" value="50"/><Release unit="seconds" value="0.1"/><Threshold unit="decibel" value="-20"/></Compressor>
                  <NoiseGate deviceName="G" deviceRole="audioFX"><Attack unit="seconds" value="0.01"/><Range unit="decibel" value="-inf"/><Ratio unit="percent" value="50"/><Release unit="seconds" value="0.1"/><Threshold unit="decibel" value="-40"/></NoiseGate>
                  <Limiter deviceName="L" deviceRole="audioFX"><Attack unit="seconds" value="0.002"/><InputGain unit="decibel" value="0"/><OutputGain unit="decibel" value="-0.3"/><Release unit="seconds" value="0.05"/><Threshold unit="decibel" value="-1"/></Limiter>
                </Devices>
                <Mute id="mu" value="false"/>
                <Pan id="pa" unit="normalized" value="0.5"/>
                <Sends><Send id="s" name="To FX" destination="fx" type="pre"><Enable value="true"/><Pan unit="normalized" value="0.5"/><Volume unit="linear" value="0.5"/></Send></Sends>
                <Volume id="vo" unit="decibel" min="-inf" max="6" value="-1.5"/>
              </Channel>
            </Track>
            <Channel id="fx" role="effect" destination="m"/>
            <Channel id="m" role="master"/>
          </Structure>
          <Arrangement id="arr" name="Song">
            <Lanes timeUnit="beats" id="l">
              <Lanes track="t" id="l1">
                <Clips id="cl">
                  <Clip time="0" duration="4" contentTimeUnit="seconds" playStart="0" playStop="2" loopStart="0" loopEnd="1" fadeTimeUnit="seconds" fadeInTime="0.01" fadeOutTime="0.02" enable="true" name="Clip" color="#445566" comment="c">
                    <Audio id="au" timeUnit="seconds" duration="2" sampleRate="48000" channels="1" algorithm="raw"><File path="audio/x.wav" external="false"/></Audio>
                  </Clip>
                  <Clip time="4" duration="4" reference="au"/>
                  <Clip time="8"><Notes><Note time="0" duration="1" channel="1" key="60" vel="0.5" rel="0.25"><Points><Target expression="pressure"/><RealPoint time="0" value="0.5"/></Points></Note></Notes></Clip>
                  <Clip time="9"><Video duration="1" sampleRate="25" channels="1"><File path="v.mp4"/></Video></Clip>
                </Clips>
                <Points unit="decibel"><Target parameter="vo"/><RealPoint time="0" value="-inf" interpolation="hold"/><RealPoint time="1" value="0" interpolation="linear"/></Points>
                <Points><Target parameter="mu"/><BoolPoint time="1" value="true"/></Points>
                <Points><Target parameter="ip"/><IntegerPoint time="1" value="2"/></Points>
                <Points><Target parameter="ep"/><EnumPoint time="1" value="0"/></Points>
                <Points><Target expression="channelController" channel="1" controller="7" key="3"/></Points>
                <markers><Marker time="1" name="in"/></markers>
              </Lanes>
            </Lanes>
            <Markers><Marker time="4" name="Verse" color="#000000"/></Markers>
            <TempoAutomation unit="bpm" timeUnit="beats"><Target parameter="tempo"/><RealPoint time="0" value="120" interpolation="linear"/><RealPoint time="8" value="90"/></TempoAutomation>
            <TimeSignatureAutomation><Target parameter="ts"/><TimeSignaturePoint time="8" numerator="3" denominator="4"/></TimeSignatureAutomation>
          </Arrangement>
          <Scenes><Scene id="sc" name="Scene 1"><Lanes><ClipSlot track="t" hasStop="true"/></Lanes></Scene></Scenes>
        </Project>
        """;
}
