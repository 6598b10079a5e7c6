/** Names of the machine itself, or that only a private network knows (RFC 6761, RFC 6762, RFC 9476). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;
/**
 * Matches addresses as browsers normalise them, in their shortest form
 * (https://url.spec.whatwg.org/#host-parsing).
 */
const PRIVATE_ADDRESS =
  /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[(::1?\]|::ffff:|f[cd]|fe[89ab])/;

/** The problem with a receiver's URL, and what to enter instead; undefined if the api would accept it. */
export function urlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return (
      'Enter the whole URL, including https:// or http://, for example ' +
      'https://shop.example.com/hooks/agent.'
    );
  if (url.username !== '' || url.password !== '')
    return 'Leave out the user name and password. Your receiver recognises AgentHook by its signature.';
  return undefined;
}

/** The host of a URL that a fresh worker would refuse to call; undefined if it may be public. */
export function privateHost(text: string): string | undefined {
  if (urlProblem(text) !== undefined) return undefined;
  const { hostname } = new URL(text);
  return PRIVATE_NAME.test(hostname.replace(/\.$/, '')) || PRIVATE_ADDRESS.test(hostname)
    ? hostname
    : undefined;
}
