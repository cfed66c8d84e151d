// First match wins: from what a backend or the gateway says to what a person can do.
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /ECONNREFUSED|refused/i,
    'Nothing listens there: check host and port, and that the server runs.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|getaddrinfo/i,
    'The host’s name is not known to the gateway: check its spelling and DNS.',
  ],
  [
    /ETIMEDOUT|time.?out|timed out|EHOSTUNREACH/i,
    'No answer in time: a firewall may drop the packets between the gateway and the server.',
  ],
  [
    /password|authentication|access denied|28P01|1045/i,
    'Check the user and the password that the gateway uses.',
  ],
  [
    /certificate|self.signed|TLS|SSL/i,
    'Check the TLS mode: “Require” encrypts without checking the certificate.',
  ],
  [
    /unable to open|ENOENT|no such file|not a database/i,
    'Check the path: it is read on the gateway’s machine and must be a SQLite file.',
  ],
  [
    /does not exist|unknown database|3D000|1049/i,
    'Check the name that the server itself uses for the database.',
  ],
  [/grant/i, 'Grant yourself access to it, then test again.'],
  [/gateway/i, 'Check that a gateway is running: the dashboard shows them.'],
]

export function adviceFor(message: string): string {
  const known = ADVICE.find(([pattern]) => pattern.test(message))
  return known?.[1] ?? 'Check host, port, user and password, then test again.'
}
