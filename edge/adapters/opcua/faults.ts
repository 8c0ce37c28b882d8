import { messageOf, SourceError } from '../source-error.ts';

/** What the sentences about a failed connection need to know. */
export interface FaultContext {
  readonly sourceId: string;
  readonly endpointUrl: string;
  readonly user?: string | undefined;
  /** Thumbprint and file of the gateway's own certificate. */
  readonly ownThumbprint?: string | undefined;
  readonly ownCertificateFile?: string | undefined;
}

type Sentence = (context: FaultContext) => { readonly text: string; readonly needsPerson?: boolean };

const identity: Sentence = ({ user }) => ({
  text:
    user === undefined
      ? 'It does not admit anonymous clients: name a user and `passwordFrom`, or a user certificate, in the site file.'
      : `It refuses user "${user}": wrong user name, password or certificate, or a locked account. The next attempt waits longer, so as not to lock it.`,
  needsPerson: true,
});

const notTrustedThere: Sentence = ({ ownThumbprint, ownCertificateFile }) => ({
  text: `It does not trust this gateway: accept the gateway's certificate ${ownThumbprint ?? ''} (${ownCertificateFile ?? ''}) in the server's own trust list.`,
});

/** By what the library or the operating system says; the first that matches counts. Status codes: OPC 10000-4, 7.38. */
const SENTENCES: readonly (readonly [RegExp, Sentence])[] = [
  [/ECONNREFUSED/, () => ({ text: 'Nothing listens there: is the server running, and is the port right?' })],
  [
    /ENOTFOUND|EAI_AGAIN/,
    () => ({ text: 'The host name is not known: is it spelt right, and does the name service know it?' }),
  ],
  [/EHOSTUNREACH|ENETUNREACH/, () => ({ text: 'The network has no way to this host.' })],
  [/BadUserAccessDenied|BadIdentityToken|BadIdentityChangeNotSupported|BadLogonFailed/, identity],
  [/Cannot find (ANONYMOUS|USERNAME|Certificate)/, identity],
  [/BadCertificate|BadSecurityChecksFailed|BadSecurityModeInsufficient|BadNoCertificate/, notTrustedThere],
  [/BadTooManySessions/, () => ({ text: 'It has no session left: close other clients, or raise its limit.' })],
  [
    /BadTooManySubscriptions|BadTooManyMonitoredItems/,
    () => ({ text: 'It has no subscription left: close other clients, or raise its limit.' }),
  ],
  [
    /BadTcpEndpointUrlInvalid/,
    () => ({ text: 'It does not know this address: look for its endpoint URL in its settings.' }),
  ],
  [/ETIMEDOUT|[Tt]imeout|timed out|BadTimeout/, () => ({ text: 'It does not answer in time.' })],
  [
    /ECONNRESET|EPIPE|disconnected|BadConnectionClosed|[Cc]onnection (has been )?(closed|Break|aborted)|socket/,
    () => ({ text: 'The connection broke.' }),
  ],
];

/** Turns what went wrong into sentences for a person; a SourceError stays as it is. */
export function faultOf(error: unknown, context: FaultContext): SourceError {
  if (error instanceof SourceError) return error;
  const raw = messageOf(error);
  const found = SENTENCES.find(([pattern]) => pattern.test(raw));
  const lead = `OPC UA server ${context.endpointUrl} (source ${context.sourceId}) can't be read.`;
  if (found === undefined) {
    return new SourceError(`${lead} The library says: ${firstLineOf(raw)}`, { cause: error });
  }
  const { text, needsPerson } = found[1](context);
  return new SourceError(`${lead} ${text}`, { cause: error, needsPerson: needsPerson ?? false });
}

function firstLineOf(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
