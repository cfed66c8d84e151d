/** The client closed its connection, or lost it: nobody is left to be told. */
export class ClientGone extends Error {
  constructor(why = 'the client is gone') {
    super(why)
  }
}

export class ClientStalled extends ClientGone {
  constructor(timeoutMs: number) {
    super(`the client took or sent nothing for ${timeoutMs} ms`)
  }
}
