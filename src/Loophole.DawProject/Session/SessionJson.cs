using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.DawProject.Session;

/// <summary>How a session file looks: generated at build time; a member that is not known is an error, as it would be lost when the file is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(SessionDocument))]
internal sealed partial class SessionJson : JsonSerializerContext;
