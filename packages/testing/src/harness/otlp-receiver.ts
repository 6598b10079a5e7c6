import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A span from an OTLP export, with its attributes by name. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty if it is the first of its trace. */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** 0 unset, 2 error. */
  status: number;
  ms: number;
  service: string;
  attributes: Record<string, unknown>;
}

/** A series of a histogram from an OTLP export. */
interface ReceivedSeries {
  name: string;
  service: string;
  attributes: Record<string, unknown>;
  /** How many measurements it has, since the process began. */
  count: number;
}

/** A collector of traces and metrics that keeps what it receives. */
export interface OtlpReceiver {
  /** The value for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  spans(): ReceivedSpan[];
  /** The newest state of each series. */
  series(): ReceivedSeries[];
  /** The requests that brought them. */
  readonly requests: { headers: IncomingHttpHeaders; body: string }[];
  close(): Promise<void>;
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status?: { code?: number };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
}

interface OtlpExport {
  resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

interface OtlpMetrics {
  resourceMetrics: {
    resource: { attributes: KeyValue[] };
    scopeMetrics: {
      metrics: {
        name: string;
        histogram?: { dataPoints: { attributes?: KeyValue[]; count: string | number }[] };
      }[];
    }[];
  }[];
}

const byName = (attributes: KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Parses an export. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function spansOf({ resourceSpans }: OtlpExport): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(byName(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        status: span.status?.code ?? 0,
        ms: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
        service,
        attributes: byName(span.attributes),
      })),
    );
  });
}

function seriesOf({ resourceMetrics }: OtlpMetrics): ReceivedSeries[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const service = String(byName(resource.attributes)['service.name']);
    return scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, histogram }) =>
        (histogram?.dataPoints ?? []).map(({ attributes, count }) => ({
          name,
          service,
          attributes: byName(attributes),
          count: Number(count),
        })),
      ),
    );
  });
}

/** Starts a collector on 127.0.0.1 that accepts OTLP over HTTP as JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const series = new Map<string, ReceivedSeries>();
  const requests: OtlpReceiver['requests'] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push({ headers: request.headers, body });
    const path = request.method === 'POST' ? request.url : undefined;
    if (path === '/v1/traces') spans.push(...spansOf(JSON.parse(body)));
    else if (path === '/v1/metrics') {
      for (const each of seriesOf(JSON.parse(body))) {
        series.set(JSON.stringify([each.name, each.service, each.attributes]), each);
      }
    } else return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    series: () => [...series.values()],
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
