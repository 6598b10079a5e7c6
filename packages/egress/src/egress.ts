/** The only way out to an address that a payload, an agent, a model or a callback can steer. */
export interface Egress {
  /** One request, its whole answer in memory. Throws EgressError. */
  request(url: string, options: EgressRequest): Promise<EgressResponse>;
  /**
   * The same guard as a `fetch`, for clients that take one (MCP). Streams; `maxBytes` does not hold for it. It follows
   * redirects on the request's own origin only.
   */
  fetch: typeof globalThis.fetch;
  /**
   * Looks a host up and checks it, for a client that speaks something else than HTTP (PostgreSQL). Connect to the address
   * that this returns: a second look-up of the name may answer otherwise. `host` is a name, or an address (IPv6 without
   * brackets). Throws EgressError (`blocked`, `network`, `aborted`).
   */
  resolve(host: string, port: number, options?: { signal?: AbortSignal }): Promise<ResolvedAddress>;
  /** Lets go of kept-alive connections. */
  close(): Promise<void>;
}

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

export interface EgressRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** The whole exchange, redirects included. Default 30 s. */
  timeoutMs?: number;
  /** Of the answer's body, after decompression. What is beyond is not read. Default 1 MiB. */
  maxBytes?: number;
  /** Default 5. */
  maxRedirects?: number;
  /**
   * `follow` (default): another origin gets no body and only harmless headers. `same-origin`: a redirect to another
   * origin is refused; for requests that carry secrets. `manual`: a redirect is an answer like any other.
   */
  redirect?: 'follow' | 'same-origin' | 'manual';
  /** Hosts that may be asked, by redirects too; `*.example.com` for all names below. Left out: any. */
  allowedHosts?: readonly string[] | undefined;
  /** Told of the answer once its head is there: its body may still break off, or not end. Not of redirects that are followed. */
  onHead?: (head: Pick<EgressResponse, 'status' | 'headers'>) => void;
}

export interface EgressResponse {
  status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string>;
  body: Buffer;
  /** Whether the body was longer than `maxBytes`. */
  truncated: boolean;
  /** Where the answer came from, after redirects. */
  url: string;
}

export type EgressErrorCode =
  | 'invalid_url'
  | 'blocked'
  | 'too_many_redirects'
  | 'timeout'
  | 'aborted'
  | 'network';

/** Why a request did not get an answer. The message may be told to a model: it holds no credentials. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  constructor(code: EgressErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
