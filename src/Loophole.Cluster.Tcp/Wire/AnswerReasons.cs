namespace Loophole.Cluster.Tcp.Wire;

/// <summary>Answers in words.</summary>
internal static class AnswerReasons
{
    /// <summary>A clause that can stand behind a colon, at either end.</summary>
    public static string Reason(this Answer answer) => answer switch
    {
        Answer.Accepted => "nothing is wrong",
        Answer.UnknownVersion => "the version is not spoken here",
        Answer.UnknownConnection => "no open connection has this id",
        Answer.BadRequest => "the purpose, a number or a reserved field does not fit",
        Answer.Busy => "too many wait to be accepted, or the connection is closed",
        Answer.OtherCertificate => "the certificate is not the one that the connection was made with",
        Answer.BadTicket => "the ticket is not one of this connection",
        Answer.UsedTicket => "the ticket was used before",
        _ => $"answer {(byte)answer}",
    };
}
