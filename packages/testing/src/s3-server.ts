import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An S3-compatible server for one bucket. It checks signatures of version 4 by itself. */
export interface S3Server {
  /** The bucket's URL. */
  url: string;
  /** Files by key. */
  objects: Map<string, Buffer>;
  /** Answers so many requests (default: all), or those of a method, with a status, until it is undefined. */
  fail: (status: number | undefined, which?: { method?: string; times?: number }) => void;
  close: () => Promise<void>;
}

const hex = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=(\w{64})$/;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function refusal(request: IncomingMessage, body: Buffer, keys: S3Keys): string | undefined {
  const [, id, day = '', region = '', signed = '', signature] =
    AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  if (id !== keys.accessKeyId) return 'InvalidAccessKeyId';
  const time = String(request.headers['x-amz-date']);
  const sent = String(request.headers['x-amz-content-sha256']);
  if (sent !== hex(body)) return 'XAmzContentSHA256Mismatch';
  if (!signed.split(';').includes('host') || !time.startsWith(day)) return 'AccessDenied';
  const url = new URL(request.url ?? '', 'http://host');
  const query = [...url.searchParams]
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .sort()
    .join('&');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, url.pathname, query, headers.join(''), signed, sent].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const content = ['AWS4-HMAC-SHA256', time, scope, hex(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${keys.secretAccessKey}`,
  );
  return hmac(key, content).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}

interface S3Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Starts a server on 127.0.0.1 with an empty bucket called `files`. */
export async function startS3Server(keys: S3Keys): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  let failing: { status: number; method?: string; times?: number } | undefined;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const error = (status: number, code: string) =>
      response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    if (failing && failing.times !== 0 && [undefined, request.method].includes(failing.method)) {
      if (failing.times !== undefined) failing.times--;
      return void error(failing.status, 'SlowDown');
    }
    const refused = refusal(request, body, keys);
    if (refused !== undefined) return void error(403, refused);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
    const [, bucket, ...rest] = pathname.split('/').map(decodeURIComponent);
    if (bucket !== 'files') return void error(404, 'NoSuchBucket');
    const key = rest.join('/');
    if (key === '') {
      const found = [...objects.keys()].filter((each) => each.startsWith(searchParams.get('prefix') ?? ''));
      const contents = found.map((each) => `<Contents><Key>${each}</Key></Contents>`).join('');
      return void response.end(`<ListBucketResult>${contents}</ListBucketResult>`);
    }
    if (request.method === 'PUT') objects.set(key, body);
    if (request.method === 'DELETE') objects.delete(key);
    const object = objects.get(key);
    if (request.method === 'GET') return void (object ? response.end(object) : error(404, 'NoSuchKey'));
    response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`,
    objects,
    fail: (status, which) => {
      failing = status === undefined ? undefined : { status, ...which };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
