namespace Reliable.Faults;

/// <summary>What can happen to one request on its way through <see cref="FaultProxy"/>.</summary>
internal enum ProxyFault
{
    /// <summary>The server gets the request, and the client never hears of it.</summary>
    CutAfterRequest,

    /// <summary>Neither hears of the other again; the server never gets the request.</summary>
    DropRequest,

    /// <summary>The client is cut off first, and the request arrives a while later: when it may have been sent again already.</summary>
    Zombie,

    /// <summary>The server gets the request, and the client the first half of the reply.</summary>
    HalfReply,

    /// <summary>Every connection is cut, this one after its request was delivered.</summary>
    CutAll,
}
