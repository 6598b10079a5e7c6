interface Post {
  method: 'POST';
  url: string;
  query: string;
  body: Buffer;
  headers: Record<string, string | string[] | undefined>;
}

/** A POST as the webhook route passes it on. Header names must be in lower case. */
export const postOf = (body: string | Buffer = '{}', headers: Post['headers'] = {}): Post => ({
  method: 'POST',
  url: '/',
  query: '',
  body: Buffer.from(body),
  headers,
});
