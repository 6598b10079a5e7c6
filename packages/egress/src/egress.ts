/** The only way out to a URL that a payload, an agent, a model or a callback controls. */
export interface Egress {
  /** Makes one request and reads the whole answer into memory. Throws EgressError. */
  request(url: string, options: EgressRequest): Promise<EgressResponse>;
  /**
   * The same guard as a `fetch`, for clients that take one (MCP). It streams and ignores `maxBytes`. It
   * follows redirects only on the request's own origin.
   */
  fetch: typeof globalThis.fetch;
  /**
   * Resolves and checks a host for a client that does not speak HTTP (PostgreSQL). Connect to the returned
   * address, because a second look-up may give another. `host` is a name or an address (IPv6 without
   * brackets). Throws EgressError (`blocked`, `network`, `aborted`).
   */
  resolve(host: string, port: number, options?: { signal?: AbortSignal }): Promise<ResolvedAddress>;
  /** Closes kept-alive connections. */
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
  /** For the whole exchange, including redirects. Default 30 s. */
  timeoutMs?: number;
  /** Limit for the answer's body, after decompression. The rest is not read. Default 1 MiB. */
  maxBytes?: number;
  /** Default 5. */
  maxRedirects?: number;
  /**
   * `follow` (default): another origin gets no body and only harmless headers. `same-origin`: a redirect to
   * another origin is refused; for requests with secrets. `manual`: a redirect is an answer like any other.
   */
  redirect?: 'follow' | 'same-origin' | 'manual';
  /**
   * Hosts that may be requested, including by redirects; `*.example.com` for all names below. Default: any.
   */
  allowedHosts?: readonly string[] | undefined;
  /**
   * Called once the answer's headers have arrived; its body may still fail or never end. Not called for
   * redirects that are followed.
   */
  onHead?: (head: Pick<EgressResponse, 'status' | 'headers'>) => void;
}

export interface EgressResponse {
  status: number;
  /** Names are in lower case; repeated ones are joined by a comma. */
  headers: Record<string, string>;
  body: Buffer;
  /** Whether the body was longer than `maxBytes`. */
  truncated: boolean;
  /** The URL of the answer, after redirects. */
  url: string;
}

export type EgressErrorCode =
  | 'invalid_url'
  | 'blocked'
  | 'too_many_redirects'
  | 'timeout'
  | 'aborted'
  | 'network';

/** Why a request got no answer. The message contains no credentials and may be shown to a model. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  /** Whether the request may have arrived and taken effect. */
  readonly mayHaveHappened: boolean;
  constructor(code: EgressErrorCode, message: string, mayHaveHappened = code === 'timeout') {
    super(message);
    this.code = code;
    this.mayHaveHappened = mayHaveHappened;
  }
}
