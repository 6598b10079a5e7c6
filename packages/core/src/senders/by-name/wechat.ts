import { createHash } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { isSameDigest, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { faultOfTime } from '../proofs/time.js';
import { echoed, type Scheme, textAnswer } from '../scheme.js';

type Config = SignatureConfigOf<'wechat'>;

const signatureOf = (parts: string[]): string =>
  createHash('sha1').update(parts.sort().join('')).digest('hex');

/** Why the signature in the query does not hold, its time aside. */
function faultOfQuery(given: URLSearchParams, keys: readonly string[]): string | undefined {
  const [signature = '', timestamp = '', nonce = ''] = ['signature', 'timestamp', 'nonce'].map(
    (name) => given.get(name) ?? '',
  );
  if (!/^[0-9a-f]{40}$/i.test(signature)) return 'signature in the query is not of the form 40 hex digits';
  return oneFits(keys, (key) => isSameDigest(signature, signatureOf([key, timestamp, nonce]), 'hex'))
    ? undefined
    : 'signature in the query does not match the token of this agent';
}

/** The signature covers a time and a random text alone. */
const inQuery: Proof<Config> = {
  isToken: true,
  fault: ({ query }, { tolerance_seconds = 0 }, { keys, nowMs }) => {
    const given = new URLSearchParams(query);
    return (
      faultOfQuery(given, keys) ?? faultOfTime(given.get('timestamp') ?? '', 'unix', tolerance_seconds, nowMs)
    );
  },
  sign: ({ url }, _config, key, { nowMs, id: nonce }) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const signature = signatureOf([key, timestamp, nonce]);
    return { headers: {}, url: `${url}?${new URLSearchParams({ signature, timestamp, nonce })}` };
  },
  hides: () => ({ headers: [], query: ['signature', 'timestamp', 'nonce', 'encrypt_type', 'msg_signature'] }),
};

/**
 * WeChat: messages and events of an official account, in plain text mode.
 * https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Access_Overview.html
 *
 * WeChat confirms a URL with a signed GET, and expects `success` for each message. A retry keeps the MsgId.
 */
export const wechat: Scheme<Config> = {
  docs: 'https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Access_Overview.html',
  steps: [
    'Choose a token of 3 to 32 letters and digits, and save it here first.',
    'At mp.weixin.qq.com: Settings and development → Basic configuration → Server configuration.',
    'URL: the webhook URL. Token: the one you saved. Message encryption: plain text mode. Submit.',
  ],
  sample: {
    contentType: 'text/xml',
    body:
      '<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[oZoe]]></FromUserName>' +
      '<CreateTime>1795896000</CreateTime><MsgType><![CDATA[text]]></MsgType>' +
      '<Content><![CDATA[我的订单在哪里?]]></Content><MsgId>1234567890123456</MsgId></xml>',
  },
  proof: inQuery,
  greet: ({ method, query }, _config, { secrets }) => {
    const given = new URLSearchParams(query);
    const text = method === 'GET' ? echoed(given.get('echostr')) : undefined;
    if (text === undefined) return undefined;
    const fault = faultOfQuery(given, secrets);
    return fault === undefined ? textAnswer(text) : { fault };
  },
  deliveryId: ({ payload }) => {
    const text = typeof payload === 'string' ? payload : '';
    // The last one: what people write stands before it.
    const at = text.lastIndexOf('<MsgId>');
    return at === -1 ? undefined : /^<MsgId>(\d{1,40})<\/MsgId>/.exec(text.slice(at, at + 60))?.[1];
  },
  answer: () => textAnswer('success'),
};
